"""Serve the application on a listening socket that was handed over: ``python -m e2e.serve FILE_DESCRIPTOR``."""

import socket
import sys

import django
import uvicorn
from django.core.management import call_command


def main() -> None:
    """Collect the static files, then serve until told to end."""
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from linecard.config.asgi import application  # only now: it lists the static files when it is made
    from linecard.config.server import Server

    config = uvicorn.Config(application, lifespan="off", log_level="warning", timeout_graceful_shutdown=5)
    Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
