"""What a page asks for at once: a module and all that it imports."""

import re

import pytest
from django.test import Client

from linecard.accounts.models import User
from linecard.web.script_modules import EVERYWHERE, fetch_ahead, imports, script_module

LINKED = re.compile(r'<link rel="modulepreload" href="/static/([^"]+)">')


def test_imports_are_followed_to_their_ends() -> None:
    needed = imports("customers/list.js")
    assert {
        "customers/bulk-edit.js",
        "web/grid/grid.js",
        "web/grid/grid-adapter.js",
        "web/js/elements.js",
    } <= needed
    assert "customers/list.js" not in needed
    assert imports("web/js/enhance.js") == frozenset()


def test_a_module_is_run_behind_links_to_what_it_alone_imports() -> None:
    element = str(script_module("customers/list.js"))
    assert element.endswith('<script type="module" src="/static/customers/list.js"></script>')
    assert set(LINKED.findall(element)) == imports("customers/list.js") - imports(EVERYWHERE)
    assert set(LINKED.findall(str(script_module(EVERYWHERE)))) == imports(EVERYWHERE)


FETCHED_AHEAD = re.compile(r'<link rel="prefetch" href="/static/([^"]+)">')
STATIC = re.compile(r'(?:src|href)="/static/((?:web|vendor)/[^"]+[.](?:js|css))"')


def test_what_is_fetched_ahead_is_files_and_all_that_modules_import_but_what_every_page_has() -> None:
    fetched = FETCHED_AHEAD.findall(str(fetch_ahead("web/grid/plain.js", "web/grid/grid.css", EVERYWHERE)))
    assert set(fetched) == imports("web/grid/plain.js") - imports(EVERYWHERE) | {
        "web/grid/plain.js",
        "web/grid/grid.css",
    }
    assert len(fetched) == len(set(fetched))


@pytest.mark.django_db
def test_who_signs_in_is_given_all_files_of_a_grid_before_one_is_opened(client: Client, admin: User) -> None:
    given = client.get("/sign-in/").content.decode()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    of_a_grid = set(STATIC.findall(client.get("/users/").content.decode()))
    assert "web/grid/grid-adapter.js" in of_a_grid
    assert of_a_grid <= set(STATIC.findall(given))
    assert set(FETCHED_AHEAD.findall(given)) <= of_a_grid
