"""By which words an entry of the audit log is found, also one that was there before its words were noted."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from linecard.accounts.audit_log import search_entries
from linecard.accounts.models import User
from linecard.audit.actor import SYSTEM, Actor
from linecard.audit.models import AuditEntry
from linecard.audit.trail import Entry, record, record_many
from linecard.audit.words import MAX_WORDS, entry_query, entry_words

ADA = Actor(user_id=1, name="Ada Ångström", via="form", address="2001:db8::7")
CHANGES = {
    "city": ("Zürich", None),
    "debit_limit": ("-5.00", "1250.00"),
    "channels": (30, 61),
    "approved_clis_only": (False, True),
    "tags": (["gold"], ["gold", "O'Neill \\ Sons"]),
    "permissions": ({}, {"customers": ["read"]}),
}


def words_of(text: str) -> list[str]:
    return entry_words(user_name="", action="", note="", address=None, changes={"a": (None, text)})


def test_the_words_are_those_of_people_and_values() -> None:
    words = entry_words(
        user_name="Ada", action="user.password_set", note="Asked for", address="192.0.2.7", changes=CHANGES
    )
    assert words == sorted(
        {
            *("ada", "user", "password", "set", "asked", "for", "192.0.2.7", "192", "0", "2", "7"),
            *(
                "zurich",
                "5.00",
                "5",
                "00",
                "1250.00",
                "1250",
                "30",
                "61",
                "gold",
                "o",
                "neill",
                "sons",
                "read",
            ),
        }
    )


@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("Zür", "'zur':*"),
        ("50.00", "'50.00':*"),
        ("192.0.2.", "'192.0.2':*"),
        ("2001:DB8::", "'2001:db8':*"),
        ("customer.updated", "'customer':* & 'updated':*"),
        ("o'neill", "'neill':* & 'o':*"),
        ("'", ""),
        ("&|!", ""),
    ],
)
def test_a_word_is_looked_for_by_its_beginning(word: str, query: str) -> None:
    assert entry_query(word) == query


def test_a_very_long_value_is_found_by_its_beginning_alone() -> None:
    words = words_of(" ".join(f"word{number}" for number in range(50_000)))
    assert len(words) <= MAX_WORDS
    assert ("word0" in words, "word49999" in words) == (True, False)


SEARCHES = [
    "zurich",
    "ZÜR",
    "1250",
    "1250.0",
    "5.00",
    "61",
    "gold",
    "neill sons",
    "ångström customer.updated",
    "2001:db8::7",
    "why",
]
MISSES = ["urich", "250.00", "2001:db8::8", "false", "nobody", "zurich nobody", "'", "):*|'zz"]


def found(text: str) -> int:
    return search_entries(AuditEntry.objects.all(), text).count()


@pytest.mark.django_db
@pytest.mark.parametrize("many", [False, True])
def test_an_entry_is_found_by_what_it_says(many: bool) -> None:
    told: dict[str, Any] = {
        "action": "customer.updated",
        "subject_id": 4,
        "changes": CHANGES,
        "note": "Why not",
    }
    if many:
        record_many(by=ADA, subject_type="customer", entries=[Entry(**told)])
    else:
        record(by=ADA, subject_type="customer", **told)
    record(by=SYSTEM, action="customer.created", subject_type="customer", subject_id=5)
    assert [text for text in SEARCHES if found(text) != 1] == []
    assert [text for text in MISSES if found(text)] == []


@pytest.mark.django_db
def test_entries_of_before_get_their_words_and_stay_as_they_are(admin: User) -> None:
    record(by=ADA, action="customer.updated", subject_type="customer", subject_id=4, changes=CHANGES)
    trigger = "ALTER TABLE audit_entry {} TRIGGER audit_entry_append_only"
    with connection.cursor() as cursor:
        cursor.execute(trigger.format("DISABLE"))
        cursor.execute("UPDATE audit_entry SET words = ''")
        before = list(AuditEntry.objects.order_by("pk").values("pk", "user_name", "changes", "note"))
        assert found("zurich") == 0
        with connection.schema_editor() as editor:
            import_module("linecard.audit.migrations.0003_words").store_words(apps, editor)
        cursor.execute(trigger.format("ENABLE"))
    assert (found("zurich"), found("ada 5.00")) == (1, 1)
    assert list(AuditEntry.objects.order_by("pk").values("pk", "user_name", "changes", "note")) == before
