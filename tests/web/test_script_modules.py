"""What a page asks for at once: a module and all that it imports."""

import re

from linecard.web.script_modules import EVERYWHERE, imports, script_module

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
