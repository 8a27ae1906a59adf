"""``python -m linecard.config.commands`` is ``linecard``."""

from linecard.config.commands import main

if __name__ == "__main__":
    main()
