"""Every address as each ready-made role, as the wrong reseller, and as somebody who was deactivated.

Pages come from the URLs themselves, operations of the API from its document: one that the table in ``doors`` does not
name fails the test.
"""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.client import encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.accounts.permissions import VERBS, all_areas, may
from linecard.accounts.ready_made import READY_MADE
from linecard.audit.models import AuditEntry
from linecard.customers import actions as customers
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.selecting import selected_cards
from linecard.importing import actions as importing
from linecard.kernel.clock import now
from linecard.messaging.actions import Written, begin_send
from linecard.messaging.models import MessageTemplate
from linecard.saved_views import actions as saved_views
from linecard.web.grid import Selection
from tests.conftest import PASSWORD
from tests.reach.doors import OPEN, OPERATIONS, OWN, PAGES, Door

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]

SECRET = "Southern Secret"

# What every request may write: when a session or a token was last used, and that somebody asked.
_NOT_COMPARED = (
    "django_session",
    "django_migrations",
    "user_session",
    "api_token",
    "axes_%",
    "procrastinate_%",
)
_SHUT = frozenset({HTTPStatus.FOUND, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
# Roles that nobody made ready: each shows that an area's verbs open nothing but what they are about.
NARROW: dict[str, dict[str, list[str]]] = {
    "nothing": {},
    "cards alone": {"customers": ["create", "read"]},
    "files and the log": {"uploads": ["read", "delete"], "audit": ["read"]},
}


@dataclass
class Scene:
    """A card of South with one of everything around it, and the numbers that lead there."""

    south: Reseller
    user: User
    ids: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def scene(south: Reseller, south_user: User, admin: User, client_of: ClientOf) -> Scene:
    """See ``Scene``."""
    client_of(south_user)
    by = acting(south_user, via="form")
    card = customers.create_customer(
        values={"name": SECRET, "currency": "EUR", "account_manager": south_user.pk}, by=by
    )
    contact = customers.add_contact(
        customer_id=card.pk, values={"name": SECRET, "email": "s@example.com"}, by=by
    )
    note = customers.add_note(customer_id=card.pk, values={"text": SECRET}, by=by)
    cli = customers.add_cli(customer_id=card.pk, values={"cli": "442079460000", "reason": SECRET}, by=by)
    change = customers.plan_change(
        customer_id=card.pk, values={"city": SECRET}, run_at=now() + timedelta(hours=1), by=by
    )
    upload = importing.receive_file(
        target="customers", file_name=f"{SECRET}.csv", portions=[SECRET.encode() + b"\n"], by=by
    )
    everything = Selection.model_validate({"all": True})
    work = begin_edit(selected_cards(south_user, everything), changes={"channels": 3}, by=by)
    news = Written(channel="email", subject=SECRET, text=SECRET)
    send = begin_send(selected_cards(south_user, everything), written=news, by=by)
    view = saved_views.create_view(grid="customers", values={"name": SECRET}, by=by)
    token, _ = accounts.create_token(user=south_user, by=command_actor())
    group = accounts.create_group(name="Nobody yet", permissions={}, by=acting(admin, via="form"))
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    ids = {
        "customer_id": card.pk,
        "work_id": work.pk,
        "send_id": send.pk,
        "message_id": send.messages.get().pk,
        "template_id": MessageTemplate.objects.get(stock="welcome").pk,
        "view_id": view.pk,
        "contact_id": contact.pk,
        "note_id": note.pk,
        "cli_id": cli.pk,
        "user_id": south_user.pk,
        "token_id": token.pk,
        "group_id": group.pk,
        "reseller_id": south.pk,
        "entry_id": entry.pk,
        "session_id": south_user.sessions.get().pk,
        "pk": 987_654,
        "number": 0,
        "page": "glossary",
        "language": "en",
        "grid": "customers",
        **dict.fromkeys(("n", "change_id"), change.pk),
        **dict.fromkeys(("upload_id", "import_id", "job_id"), upload.pk),
    }
    return Scene(south, south_user, ids)


def pages(resolver: Any = None, space: str = "") -> Iterator[tuple[str, set[str]]]:
    """The name of every page with its parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from pages(pattern, ":".join(part for part in (space, pattern.namespace) if part))
        elif isinstance(pattern, URLPattern):
            name = f"{space}:{pattern.name}" if space else str(pattern.name)
            if not pattern.pattern.regex.pattern.startswith("^v1/"):
                yield name, set(pattern.pattern.converters)


PARAMETERS = dict(pages())


def operations() -> Iterator[tuple[str, str]]:
    """Method and path of everything in the API's document."""
    for path, methods in Client().get("/api/openapi.json").json()["paths"].items():
        for method in methods:
            yield method.upper(), path


@dataclass
class Visitor:
    """Somebody who tries every door, with a session on pages and with a token in the API."""

    client: Client
    token: str
    scene: Scene
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def knock_at_page(self, method: str, name: str, door: Door) -> Any:
        """Send what a browser would."""
        self.client.cookies = deepcopy(self.cookies)  # signing out, too, is taken back
        address = reverse(name, kwargs={key: self.scene.ids[key] for key in PARAMETERS[name]})
        body = self._body(door)
        if door.json:
            headers = {"Accept": "application/json"}
            return self.client.generic(method, address, json.dumps(body), "application/json", headers=headers)
        return self.client.get(address) if method == "GET" else self.client.post(address, body or {})

    def knock_at_api(self, method: str, path: str, door: Door) -> Any:
        """Send what a program would."""
        address = path.format(**self.scene.ids)
        headers = {"Authorization": f"Bearer {self.token}"}
        if door.body == "file":
            file = BytesIO(b"Name\nBirch\n")
            file.name = "a.csv"
            body = encode_multipart("x", {"file": file, "target": "customers"})
            kind = "multipart/form-data; boundary=x"
            return Client().generic(method, address, body, kind, headers=headers)
        body = b"" if door.body is None else json.dumps(self._body(door)).encode()
        return Client().generic(method, address, body, "application/json", headers=headers)

    def knock_everywhere(self) -> Iterator[tuple[str, Door, Any, bool]]:
        """What was tried, its door, the answer, and whether one that was refused changed anything.

        What was changed is taken back.
        """
        before = stored()
        knocks = [(self.knock_at_page, PAGES), (self.knock_at_api, OPERATIONS)]
        for knock, doors in knocks:
            for (method, where), door in doors.items():
                with transaction.atomic():
                    answer = read(knock(method, where, door))
                    shut = answer.status_code in _SHUT and method != "GET"
                    changed = shut and stored() != before
                    transaction.set_rollback(True)
                yield f"{method} {where}", door, answer, changed

    def _body(self, door: Door) -> Any:
        match door.body:
            case "selected changes":
                return {"ids": [self.scene.ids["change_id"]]}
            case body:
                return body


def read(response: Any) -> Any:
    """The response with its text, also of a stream."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    response.text_read = content.decode()
    return response


def stored() -> dict[str, str]:
    """A digest of every table."""
    tables = connection.introspection.table_names()
    patterns = [name.removesuffix("%") for name in _NOT_COMPARED]
    compared = [table for table in tables if not table.startswith(tuple(patterns))]
    parts = [
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{table}\" t"  # noqa: S608
        for table in compared
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def visitor(client_of: ClientOf, user: User, scene: Scene) -> Visitor:
    _, secret = accounts.create_token(user=user, by=command_actor())
    client = client_of(user)
    client.get("/account/")  # notes the session
    return Visitor(client, secret, scene, client.cookies)


def everything_in_areas(by: UserActor) -> Any:
    permissions = {area.name: VERBS for area in all_areas()}
    return accounts.create_group(name="Everything", permissions=permissions, by=by)


def test_the_table_names_every_page() -> None:
    assert {name for _, name in PAGES} == PARAMETERS.keys()


def test_the_table_names_every_operation() -> None:
    assert set(operations()) == OPERATIONS.keys()


@pytest.mark.parametrize("role", [*READY_MADE, *NARROW])
def test_a_role_does_what_it_may_and_nothing_else(
    client_of: ClientOf, scene: Scene, admin: User, role: str
) -> None:
    if role in NARROW:
        group = accounts.create_group(name=role, permissions=NARROW[role], by=acting(admin, via="form"))
    else:
        group = accounts.ready_made_group(role)
    user = accounts.create_user(
        username="visitor",
        password=PASSWORD,
        groups=[group],
        reseller=scene.south if role == "reseller" else None,
        by=command_actor(),
    )
    wrong: list[str] = []
    for what, door, answer, changed in visitor(client_of, user, scene).knock_everywhere():
        lets_in = door.need in (OPEN, OWN) or (
            may(user, *door.need) and not (door.staff and user.reseller_id)
        )
        refused = answer.status_code == HTTPStatus.FORBIDDEN
        broken = (
            answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and what != "GET ready"
        )  # no worker runs
        if broken or refused == lets_in:
            wrong.append(f"{what}: {answer.status_code}, should be {'let in' if lets_in else 'refused'}")
        if not lets_in and changed:
            wrong.append(f"{what}: refused, yet it changed something")
    assert wrong == [], "\n".join(wrong)


def test_the_wrong_reseller_reaches_nothing(
    client_of: ClientOf, scene: Scene, north: Reseller, admin: User
) -> None:
    group = everything_in_areas(acting(admin, via="form"))
    user = accounts.create_user(
        username="visitor", password=PASSWORD, groups=[group], reseller=north, by=command_actor()
    )
    of_nobody = {
        "pk",
        "number",
        "page",
        "language",
        "grid",
        "group_id",
        "template_id",
    }  # the last two are the operator's
    of_others = {*scene.ids} - of_nobody
    wrong: list[str] = []
    for what, door, answer, changed in visitor(client_of, user, scene).knock_everywhere():
        name = what.split()[1]
        has_id = bool((PARAMETERS.get(name) or set(re.findall(r"{(\w+)}", name))) & of_others)
        if SECRET in answer.text_read:
            wrong.append(f"{what}: tells of another reseller's things")
        if door.staff and answer.status_code != HTTPStatus.FORBIDDEN:
            wrong.append(f"{what}: {answer.status_code}, is for staff alone")
        if has_id and not door.staff and (answer.status_code != HTTPStatus.NOT_FOUND or changed):
            wrong.append(f"{what}: {answer.status_code}, {'changed' if changed else 'unchanged'}")
    assert wrong == [], "\n".join(wrong)


def test_the_right_reseller_reaches_it(client_of: ClientOf, scene: Scene, admin: User) -> None:
    """The numbers lead somewhere, so that the test above can fail."""
    group = everything_in_areas(acting(admin, via="form"))
    user = accounts.create_user(
        username="visitor", password=PASSWORD, groups=[group], reseller=scene.south, by=command_actor()
    )
    visited = visitor(client_of, user, scene).knock_everywhere()
    missing = {
        what.split()[1]
        for what, door, answer, _ in visited
        if door.need != OPEN and answer.status_code == HTTPStatus.NOT_FOUND
    }
    # the visitor has no token of that number, the file of the upload has come, and the view is its owner's alone
    assert missing == {"account-token-revoke", "importing:piece", "/api/v1/views/{view_id}"}


def test_whoever_was_deactivated_is_not_let_in(client_of: ClientOf, scene: Scene, admin: User) -> None:
    user = accounts.create_user(
        username="visitor", password=PASSWORD, is_administrator=True, by=command_actor()
    )
    visited = visitor(client_of, user, scene)
    accounts.update_user(user_id=user.pk, values={}, is_active=False, by=acting(admin, via="form"))
    wrong: list[str] = []
    for what, door, answer, changed in visited.knock_everywhere():
        if door.need == OPEN:
            continue
        in_api = what.split()[1].startswith("/api/")
        expected = HTTPStatus.UNAUTHORIZED if in_api else HTTPStatus.FOUND
        to_sign_in = in_api or answer.headers.get("Location", "").startswith("/sign-in/")
        if answer.status_code != expected or not to_sign_in or changed:
            wrong.append(f"{what}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert wrong == [], "\n".join(wrong)


def test_nobody_is_let_in_without_signing_in(client: Client, scene: Scene) -> None:
    wrong: list[str] = []
    for what, door, answer, changed in Visitor(client, "", scene).knock_everywhere():
        in_api = what.split()[1].startswith("/api/")
        expected = HTTPStatus.UNAUTHORIZED if in_api else HTTPStatus.FOUND
        if door.need != OPEN and (answer.status_code != expected or changed):
            wrong.append(f"{what}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)
