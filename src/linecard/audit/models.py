"""The audit trail: rows are written once; a trigger refuses to change or delete them."""

from django.db import models


class AuditEntry(models.Model):
    """One change to one subject.

    ``changes`` is ``{field: [old, new]}`` in the API's spelling; a field that did not exist before has null as old.
    The user is kept by id and by name as it was then, without a foreign key: the trail outlives everything it names.
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

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["-at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} of {self.subject_type} {self.subject_id} by {self.user_name}"
