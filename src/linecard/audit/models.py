"""The audit trail: rows are written once; a trigger refuses to change or delete them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import QuerySet


class Entries(models.Manager["AuditEntry"]):
    """Entries without the words by which they are found: nobody reads those."""

    def get_queryset(self) -> QuerySet["AuditEntry"]:
        """All entries."""
        return super().get_queryset().defer("words")


class AuditEntry(models.Model):
    """One change to one subject.

    ``changes`` is ``{field: [old, new]}`` in the API's spelling; a field that did not exist before has null as old.
    The user is kept by id and by name as it was then, without a foreign key: the trail outlives everything it names.
    ``words`` are those by which it is found; see ``entry_words``.
    """

    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.TextField()
    via = models.CharField(max_length=20)
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    # the subject's version after the change, where it has versions
    version = models.IntegerField(null=True)
    changes = models.JSONField(default=dict)
    note = models.TextField(default="")
    words = SearchVectorField(default="")

    objects = Entries()

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(fields=["user_id", "-id"], name="audit_user"),
            GinIndex(fields=["words"], name="audit_words"),
        ]

    def __str__(self) -> str:
        return f"{self.action} of {self.subject_type} {self.subject_id} by {self.user_name}"
