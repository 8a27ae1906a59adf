"""What the environment decides. Every variable that Linecard reads is read here, once."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from linecard.kernel.errors import LinecardError

# A file stands in the database as a whole until its upload is forgotten.
MAX_UPLOAD_MEGABYTES = 10_240


class BadEnvironment(LinecardError):
    """A variable has a value that cannot be used; the message names it."""

    title = "An environment variable is not usable"


def data_dir() -> Path:
    """Where everything that must survive is kept: ``LINECARD_DATA_DIR``, or the account's usual place."""
    if given := os.environ.get("LINECARD_DATA_DIR"):
        return Path(given).expanduser().resolve()
    if os.geteuid() == 0:  # root's home is closed to the account that runs the database
        return Path("/var/lib/linecard")
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(share) / "linecard"


def port() -> int:
    """``LINECARD_PORT``: the web server's TCP port."""
    text = os.environ.get("LINECARD_PORT", "8000")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise BadEnvironment(f"LINECARD_PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def max_upload_bytes() -> int:
    """``LINECARD_MAX_UPLOAD_MB``: how large an uploaded file may be, in megabytes of 2²⁰ bytes."""
    text = os.environ.get("LINECARD_MAX_UPLOAD_MB", "512")
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_UPLOAD_MEGABYTES):
        raise BadEnvironment(
            f"LINECARD_MAX_UPLOAD_MB must be a number from 1 to {MAX_UPLOAD_MEGABYTES:,}, not {text!r}"
        )
    return int(text) * 2**20


def host() -> str:
    """``LINECARD_HOST``: the address to listen on; loopback unless told otherwise."""
    return os.environ.get("LINECARD_HOST", "127.0.0.1")


def allowed_hosts() -> list[str]:
    """``LINECARD_ALLOWED_HOSTS``: comma-separated names that browsers may use for this server."""
    names = os.environ.get("LINECARD_ALLOWED_HOSTS", "")
    return [name.strip() for name in names.split(",") if name.strip()] + ["localhost", "127.0.0.1", "[::1]"]


def trusted_origins() -> list[str]:
    """The https origins of the allowed hosts: a reverse proxy speaks TLS for us."""
    return [f"https://{name.lstrip('.')}" for name in allowed_hosts() if name != "*"]


def admin_password() -> str | None:
    """``LINECARD_ADMIN_PASSWORD``: the first administrator's password; None for a random one."""
    return os.environ.get("LINECARD_ADMIN_PASSWORD") or None


def forget_admin_password() -> None:
    """Keep it from processes that are started from now on: they have no use for it."""
    os.environ.pop("LINECARD_ADMIN_PASSWORD", None)


def trusted_proxies() -> str:
    """``FORWARDED_ALLOW_IPS``: comma-separated addresses of reverse proxies; those on this machine by default."""
    return os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1"


def own_database_url() -> str | None:
    """``DATABASE_URL`` when the operator brings a PostgreSQL of their own; None for the embedded one."""
    return os.environ.get("DATABASE_URL") or None


def connection_parameters(url: str) -> dict[str, str]:
    """libpq parameters of ``postgresql://user:password@host:port/name?option=value``.

    Raises ``BadEnvironment`` for another scheme or a URL without a database name.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadEnvironment("DATABASE_URL must begin with postgresql://")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise BadEnvironment("DATABASE_URL names no database: postgresql://user@host/name")
    try:
        port_number = parts.port
    except ValueError as error:
        raise BadEnvironment("DATABASE_URL has a port that is not a number") from error
    parameters = {
        "host": unquote(parts.hostname or ""),
        "port": str(port_number or ""),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": name,
    }
    # a socket folder has no place in the host part, so libpq takes ?host=/path too
    parameters.update(parse_qsl(parts.query))
    return {key: value for key, value in parameters.items() if value}
