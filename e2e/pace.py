"""The pace of people: they see a page first and act then, when the page is whole.

Playwright acts as soon as an element is there. That may be before the page's scripts have run, or between htmx putting
new elements into the page and making them work: a key does nothing then, and a button does what it does without
scripts. So everything by which a journey acts waits for the page, at this one place.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

_VERBS = (
    "blur",
    "check",
    "clear",
    "click",
    "dblclick",
    "dispatch_event",
    "fill",
    "focus",
    "hover",
    "press",
    "press_sequentially",
    "select_option",
    "set_checked",
    "set_input_files",
    "tap",
    "uncheck",
)
_BEING_SWAPPED_IN = ".htmx-added, .htmx-settling, .htmx-swapping"


def whole(page: Page) -> None:
    """Wait until the page is loaded, which is after its scripts have run, and htmx has settled what it swapped in."""
    page.wait_for_load_state()
    page.locator(_BEING_SWAPPED_IN).first.wait_for(state="detached")


def keep_pace(patch: pytest.MonkeyPatch) -> None:
    """Let all that a journey does with elements, keys, the mouse and scripts wait for a whole page."""
    for verb in _VERBS:
        patch.setattr(Locator, verb, _after(_whole_around, getattr(Locator, verb)))
    for device in ("keyboard", "mouse"):
        patch.setattr(Page, device, property(_after(whole, getattr(Page, device).fget)))
    patch.setattr(Page, "evaluate", _after(whole, Page.evaluate))


def _whole_around(locator: Locator) -> None:
    locator.wait_for(state="attached")  # from here on, its page is the one that is open
    whole(locator.page)


def _after(wait: Callable[[Any], None], act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def waiting(actor: Any, *arguments: Any, **options: Any) -> Any:
        wait(actor)
        return act(actor, *arguments, **options)

    return waiting
