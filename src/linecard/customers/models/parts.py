"""What a card has several of: contacts, notes, approved caller ids."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Trim

from linecard.customers.models.card import Customer
from linecard.customers.words import ContactType


class Contact(models.Model):
    """A person at a customer. Phone numbers are E.164 with ``+``."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=ContactType, default=ContactType.GENERAL)
    email = models.CharField(max_length=254, default="")
    phone = models.CharField(max_length=20, default="")
    mobile = models.CharField(max_length=20, default="")
    email_verified = models.BooleanField(default=False)
    mobile_verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "customer_contact"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(name=Trim("name")) & ~Q(name=""), name="contact_name"),
            models.CheckConstraint(condition=Q(type__in=ContactType.values), name="contact_type"),
            models.CheckConstraint(condition=Q(phone__regex=r"^(\+[0-9]{1,19})?$"), name="contact_phone"),
            models.CheckConstraint(condition=Q(mobile__regex=r"^(\+[0-9]{1,19})?$"), name="contact_mobile"),
            models.CheckConstraint(
                condition=Q(email_verified=False) | ~Q(email=""), name="contact_email_verified"
            ),
            models.CheckConstraint(
                condition=Q(mobile_verified=False) | ~Q(mobile=""), name="contact_mobile_verified"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """A note on the account, private to staff or shown in the portal."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notes")
    text = models.TextField()
    in_portal = models.BooleanField(default=False)
    author_id = models.BigIntegerField(null=True)
    author_name = models.TextField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "customer_note"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_text")]

    def __str__(self) -> str:
        return self.text[:80]


class ApprovedCli(models.Model):
    """A caller id that the customer may send: E.164 without ``+``, with the reason it was approved."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="clis")
    cli = models.CharField(max_length=15)
    reason = models.CharField(max_length=500)
    added_by_id = models.BigIntegerField(null=True)
    added_by_name = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "customer_cli"
        ordering = ["cli"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "cli"], name="customer_cli_once"),
            models.CheckConstraint(condition=Q(cli__regex="^[1-9][0-9]{1,14}$"), name="customer_cli_e164"),
        ]

    def __str__(self) -> str:
        return f"+{self.cli}"
