"""Static files as they are served after they have been collected."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from linecard.web.static_files import HashedStaticFiles

HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:js|css|svg|png|woff2?)$")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.[^"'\n]+)["']""")


def test_without_collected_files_names_stay_plain(tmp_path: Path) -> None:
    storage = HashedStaticFiles(location=str(tmp_path), base_url="/static/")
    assert storage.stored_name("web/js/main.js") == "web/js/main.js"


@pytest.mark.slow
def test_collected_files_carry_hashes_also_inside_modules(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    call_command("collectstatic", interactive=False, verbosity=0)
    modules = [path for path in tmp_path.rglob("*.js") if HASHED.search(path.name)]
    assert {path.relative_to(tmp_path).parts[0] for path in modules} > {"vendor", "web", "customers"}
    for module in modules:
        for target in IMPORTED.findall(module.read_text("utf-8")):
            assert HASHED.search(target), f"{module.name} imports {target}"
            assert (module.parent / target).is_file(), f"{module.name} imports {target}"
