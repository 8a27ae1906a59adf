"""Who gets a send, and who cannot: one row for each contact of the selected customers, written by one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext

from linecard.customers.models import Customer
from linecard.kernel.errors import Invalid
from linecard.kernel.regional import shown_number
from linecard.messaging.models import Send
from linecard.messaging.words import Channel

NO_CONTACT = "The customer has no contact."
NO_ADDRESS: Mapping[str, str] = {
    Channel.EMAIL: "The contact has no email address.",
    Channel.SMS: "The contact has no mobile number.",
}
BAD_ADDRESS: Mapping[str, str] = {
    Channel.EMAIL: "This is not an email address.",
    Channel.SMS: "This is not an international number, such as +4930123456.",
}
# so many are written down within the few seconds that a transaction may last
MAX_CONTACTS = 100_000
SAME_ADDRESS = "Another contact has the same address, which is written to once."

_COLUMN: Mapping[str, str] = {Channel.EMAIL: "email", Channel.SMS: "mobile"}
# Spelled for PostgreSQL. E.164 has at most fifteen digits and no country code that begins with zero.
_GOOD: Mapping[str, str] = {
    Channel.EMAIL: r"^[^[:space:][:cntrl:]@]+@[^[:space:][:cntrl:]@]+$",
    Channel.SMS: r"^\+[1-9][0-9]{6,14}$",
}

_CONTACTS = """
    SELECT count(*) FROM (
        SELECT FROM ({cards}) AS card LEFT JOIN customer_contact contact ON contact.customer_id = card.id LIMIT %s
    ) AS found
"""
_REACHED = """
    WITH card AS ({cards}), reached AS (
        SELECT card.id AS customer_id, contact.id AS contact_id, coalesce(contact.name, '') AS contact_name,
            coalesce(contact.{column}, '') AS address,
            CASE
                WHEN contact.id IS NULL THEN %s
                WHEN contact.{column} = '' THEN %s
                WHEN contact.{column} !~ %s THEN %s
                WHEN row_number() OVER (
                    PARTITION BY lower(contact.{column}) ORDER BY card.id, contact.id
                ) > 1 THEN %s
            END AS reason
        FROM card LEFT JOIN customer_contact contact ON contact.customer_id = card.id
    ) {then}
"""
_KEEP = """, written AS (
        INSERT INTO message (send_id, customer_id, contact_id, contact_name, address, state, words, reference, tries,
            due_at, changed_at, subject, values)
        SELECT %s, customer_id, contact_id, contact_name, address,
            CASE WHEN reason IS NULL THEN 'queued' ELSE 'unreachable' END, coalesce(reason, ''), '', 0,
            %s, %s, %s, '{}'
        FROM reached ORDER BY customer_id, contact_id
        RETURNING state
    )
    SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state <> 'queued') FROM written
"""
_COUNT = "SELECT coalesce(reason, ''), count(*) FROM reached GROUP BY 1 ORDER BY 2 DESC, 1"
_NAMED = """
    SELECT customer_id, contact_id, contact_name, address, coalesce(reason, '') FROM reached
    WHERE (reason IS NULL) = %s ORDER BY customer_id, contact_id LIMIT %s OFFSET %s
"""


@dataclass(frozen=True, slots=True)
class Contacted:
    """A contact of a selected customer; ``reason`` says why they cannot be written to, if so."""

    customer_id: int
    contact_id: int | None
    contact_name: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Foresight:
    """Who would get a message: how many, and how many contacts cannot, by the reason."""

    recipients: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def unreachable(self) -> int:
        """How many contacts cannot be written to."""
        return sum(count for _, count in self.reasons)


class Audience:
    """The contacts of some cards, for one channel."""

    def __init__(self, channel: str, cards: QuerySet[Customer]) -> None:
        self._column = _COLUMN[channel]
        self._reasons = [NO_CONTACT, NO_ADDRESS[channel], _GOOD[channel], BAD_ADDRESS[channel], SAME_ADDRESS]
        self._cards = cards

    def require_few(self) -> None:
        """Raise ``Invalid`` when the cards have more contacts than one send may have."""
        rows = self._select(_CONTACTS, [MAX_CONTACTS + 1])
        if rows and rows[0][0] > MAX_CONTACTS:
            told = gettext(
                "These customers have more than {most} contacts, too many for one send. Choose fewer."
            )
            raise Invalid({"selection": told.format(most=shown_number(MAX_CONTACTS))})

    def keep(self, send: Send) -> tuple[int, int]:
        """Write down who gets a send, in its transaction: how many do, and how many contacts cannot."""
        known = "" if "{" in send.subject else send.subject  # of a template it is known when it is written
        rows = self._ask(_KEEP, [send.pk, send.send_at, send.made_at, known])
        return (rows[0][0], rows[0][1]) if rows else (0, 0)

    def foresee(self) -> Foresight:
        """Count, and write nothing."""
        counts = dict(self._ask(_COUNT, []))
        return Foresight(counts.pop("", 0), tuple(counts.items()))

    def recipient(self, number: int) -> Contacted | None:
        """One who would get it, counted from 0 in the order of the cards."""
        rows = self._ask(_NAMED, [True, 1, number])
        return Contacted(*rows[0]) if rows else None

    def unreachable(self, most: int) -> list[Contacted]:
        """The first ones who cannot be written to."""
        return [Contacted(*row) for row in self._ask(_NAMED, [False, most, 0])]

    def _ask(self, statement: str, more: Sequence[Any]) -> list[Any]:
        return self._select(_REACHED, [*self._reasons, *more], column=self._column, then=statement)

    def _select(self, statement: str, values: Sequence[Any], **parts: str) -> list[Any]:
        try:
            selected, parameters = self._cards.order_by().values("id").query.sql_with_params()
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(statement.format(cards=selected, **parts), [*parameters, *values])
            return list(cursor.fetchall())
