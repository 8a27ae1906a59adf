"""Serve the application on a listening socket that was handed over: ``python -m e2e.serve FILE_DESCRIPTOR``.

It ends when its input does: a process that is ended for a test that hangs takes it along.
"""

import os
import signal
import socket
import sys
import threading

import django
import uvicorn
from django.core.management import call_command


def main() -> None:
    """Collect the static files, then serve until told to end."""
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from linecard.config.asgi import application  # only now: it lists the static files when it is made
    from linecard.config.server import Server

    threading.Thread(target=_end_with_input, daemon=True).start()
    config = uvicorn.Config(application, lifespan="off", log_level="warning", timeout_graceful_shutdown=5)
    Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
