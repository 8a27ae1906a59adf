"""JavaScript modules and what they import, so that a page can ask for all of them at once.

A browser learns what a module imports when it has it: one import behind the other, each waits for the one before.
"""

import posixpath
import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

EVERYWHERE = "web/js/main.js"

_IMPORTED = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.[^"']+)["']""", re.MULTILINE)


@lru_cache
def imports(name: str) -> frozenset[str]:
    """The static names of all that a module needs, near and far, itself left out."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        module = ahead.pop()
        path = finders.find(module)
        if not isinstance(path, str):
            continue  # what is not there is missed where it is asked for
        for target in _IMPORTED.findall(Path(path).read_text("utf-8")):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(module), target))
            if imported not in found:
                found.add(imported)
                ahead.append(imported)
    return frozenset(found - {name})


def script_module(name: str) -> SafeString:
    """The element that runs a module, behind links to what it imports; what every page has is asked for there."""
    needed = imports(name) if name == EVERYWHERE else imports(name) - imports(EVERYWHERE)
    links = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(one),) for one in sorted(needed))
    )
    return format_html('{}<script type="module" src="{}"></script>', links, static(name))


def fetch_ahead(*names: str) -> SafeString:
    """Links by which an idle page gets what the next one will need: the files, and what those of them import."""
    needed = set(names).union(*(imports(name) for name in names)) - imports(EVERYWHERE) - {EVERYWHERE}
    return format_html_join("", '<link rel="prefetch" href="{}">', ((static(one),) for one in sorted(needed)))
