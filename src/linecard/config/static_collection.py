"""Static files: copied to the data folder under hashed names, only when one of them has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from linecard import __version__


def collect_if_changed() -> bool:
    """Collect when a source differs from what was collected last; true when it did."""
    collected = Path(settings.STATIC_ROOT)
    stamp = collected.with_name("static.collected")
    wanted = _fingerprint()
    if collected.is_dir() and stamp.is_file() and stamp.read_text("ascii") == wanted:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Names, sizes and times of all sources: looking at them takes milliseconds, reading them would not."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            source = Path(storage.path(name)).stat()
            digest.update(
                f"{name}\0{source.st_size}\0{source.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
            )
    return digest.hexdigest()
