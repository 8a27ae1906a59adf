"""`linecard web`: the web server alone."""

import contextlib

import click

from linecard.config import environment
from linecard.config.commands.preparation import prepare_data_dir

# An open page keeps a connection; it must not keep the server from stopping.
_GRACEFUL_SECONDS = 3
# Longer than the idle time of common reverse proxies, so that they, not we, close a connection first.
_KEEP_ALIVE_SECONDS = 75


@click.command(short_help="Run the web server alone.")
def web() -> None:
    """Run the web server alone, on LINECARD_HOST and LINECARD_PORT.

    `linecard serve` does this for you. Forwarded addresses are believed from a reverse proxy on this machine; name
    others in FORWARDED_ALLOW_IPS (comma-separated addresses).
    """
    prepare_data_dir()
    from uvicorn import Config

    from linecard.config.asgi import application
    from linecard.config.server import Server

    config = Config(
        application,
        host=environment.host(),
        port=environment.port(),
        log_config=None,  # Django has configured the logs
        log_level="warning",
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=environment.trusted_proxies(),
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run()
