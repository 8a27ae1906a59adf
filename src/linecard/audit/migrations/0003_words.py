"""Entries are found by their words, those that are there included."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

from linecard.audit.words import entry_words
from linecard.web.full_text import text_of

AT_ONCE = 2000
_TRIGGER = "ALTER TABLE audit_entry {} TRIGGER audit_entry_append_only"
_STORE = (
    "UPDATE audit_entry SET words = given.words::tsvector"
    " FROM unnest(%s::bigint[], %s::text[]) AS given(id, words) WHERE audit_entry.id = given.id"
)


def store_words(apps: Any, editor: Any) -> None:
    """Note the words of all entries. What they tell stays as it is."""
    entries = apps.get_model("audit", "AuditEntry").objects.order_by("pk")
    last = 0
    while part := list(entries.filter(pk__gt=last).defer("words")[:AT_ONCE]):
        words = [text_of(_words(entry)) for entry in part]
        with editor.connection.cursor() as cursor:
            cursor.execute(_STORE, [[entry.pk for entry in part], words])
        last = part[-1].pk


def _words(entry: Any) -> list[str]:
    return entry_words(
        user_name=entry.user_name,
        action=entry.action,
        note=entry.note,
        address=entry.address,
        changes=entry.changes,
    )


class Migration(migrations.Migration):
    """Adds a column and two indexes."""

    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.AddField(model_name="auditentry", name="words", field=SearchVectorField(default="")),
        migrations.RunSQL(_TRIGGER.format("DISABLE"), _TRIGGER.format("ENABLE")),
        migrations.RunPython(store_words, migrations.RunPython.noop),
        migrations.RunSQL(_TRIGGER.format("ENABLE"), _TRIGGER.format("DISABLE")),
        migrations.AddIndex(
            model_name="auditentry", index=models.Index(fields=["user_id", "-id"], name="audit_user")
        ),
        migrations.AddIndex(model_name="auditentry", index=GinIndex(fields=["words"], name="audit_words")),
    ]
