"""What surrounds every page: the navigation that rooms register, and what the base template shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from linecard import __version__
from linecard.kernel.regional import regional

SECTION_SEPARATOR = " › "
SETUP = gettext_noop("Setup")
CONFIG = SECTION_SEPARATOR.join((SETUP, gettext_noop("Config")))
INFORMATION = SECTION_SEPARATOR.join((SETUP, gettext_noop("Information")))


def _everyone(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One page of the navigation.

    ``section`` says where it stands: empty for a link in the top bar itself, ``SETUP`` for an entry of that menu,
    ``CONFIG`` and ``INFORMATION`` for one below a heading in it. It and ``label`` are shown translated. ``order`` sorts
    within the section, lowest first. ``visible`` decides per request who sees it; it hides a link and protects nothing.
    """

    label: str
    url_name: str
    section: str = ""
    order: int = 100
    visible: Callable[[HttpRequest], bool] = _everyone


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation item as one request sees it."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Links below one heading of a menu; the heading may be empty."""

    heading: str
    links: list[Link]


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of the top bar."""

    label: str
    groups: list[Group]

    @property
    def is_current(self) -> bool:
        """Whether the page shown is one of this menu's."""
        return any(link.is_current for group in self.groups for link in group.links)


@dataclass(slots=True)
class Navigation:
    """The registry. Rooms add their pages when the application starts."""

    _items: list[NavigationItem] = field(default_factory=list)

    def register(self, item: NavigationItem) -> None:
        """Add a page. Raises ``ValueError`` when its URL name is there already."""
        if any(item.url_name == known.url_name for known in self._items):
            raise ValueError(f"{item.url_name} is in the navigation already")
        self._items.append(item)

    def links(self, request: HttpRequest) -> list[Link]:
        """The links that stand in the top bar itself."""
        return _links(request, (item for item in self._items if not item.section))

    def menus(self, request: HttpRequest) -> list[Menu]:
        """The menus of the top bar, by name; an empty one is left out."""
        menus: dict[str, list[Group]] = {}
        in_menus = sorted((item for item in self._items if item.section), key=lambda item: item.section)
        for section, items in groupby(in_menus, key=lambda item: item.section):
            label, _, heading = section.partition(SECTION_SEPARATOR)
            if links := _links(request, items):
                menus.setdefault(label, []).append(Group(gettext(heading), links))
        return [Menu(gettext(label), groups) for label, groups in menus.items()]


def _links(request: HttpRequest, items: Iterable[NavigationItem]) -> list[Link]:
    seen = sorted(
        (item for item in items if item.visible(request)), key=lambda item: (item.order, item.label)
    )
    return [
        Link(gettext(item.label), url, _is_current(request.path, url)) for item in seen if (url := _url(item))
    ]


def _url(item: NavigationItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:  # a page of a room that this address space leaves out
        return None


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


navigation = Navigation()


@dataclass(frozen=True, slots=True)
class Shell:
    """What the base template asks for; every part is worked out only when it is shown."""

    request: HttpRequest
    version: str = __version__

    def links(self) -> list[Link]:
        """See ``Navigation.links``."""
        return navigation.links(self.request)

    def menus(self) -> list[Menu]:
        """See ``Navigation.menus``."""
        return navigation.menus(self.request)

    def time_zone(self) -> str:
        """The zone in which this page shows times: the user's own."""
        return timezone.get_current_timezone_name()

    def number_locale(self) -> str:
        """A locale in which browsers write numbers as the installation does."""
        return regional().numbers.locale

    def script_texts(self) -> str:
        """The address of the scripts' texts; empty where they are those that the scripts bring."""
        language = translation.get_language() or settings.LANGUAGE_CODE
        return "" if language == settings.LANGUAGE_CODE else reverse("script-texts", args=[language])


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` in every template."""
    return {"shell": Shell(request)}
