"""What a browser would send for a form on a page, read from the page itself."""

from html.parser import HTMLParser
from typing import Any

Sent = dict[str, str | list[str]]


class _Controls(HTMLParser):
    """The controls of one form, with the values that they have when the page comes."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.sent: dict[str, list[str]] = {}
        self._inside = False
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("id") == self.form_id
        if not self._inside:
            return
        name = given.get("name")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        is_box = given.get("type") in ("checkbox", "radio")
        if not is_box or "checked" in given:
            self.sent.setdefault(name, []).append(given.get("value") or ("on" if is_box else ""))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            chosen = [value for value, is_selected in self._options if is_selected]
            self.sent[self._select] = chosen or [value for value, _ in self._options[:1]]
            self._select = None
        elif tag == "textarea" and self._textarea:
            # the first line break after the tag is markup; browsers send line breaks as CRLF
            self.sent[self._textarea] = [self._text.removeprefix("\n").replace("\n", "\r\n")]
            self._textarea = None


def form_of(response: Any, form_id: str = "card-form") -> Sent:
    """The names and values that the form would send as it stands on the page."""
    controls = _Controls(form_id)
    controls.feed(response.content.decode())
    assert controls.sent, f"the page has no form {form_id}"
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in controls.sent.items()
        if name != "csrfmiddlewaretoken"
    }
