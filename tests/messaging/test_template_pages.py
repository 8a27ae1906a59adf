"""The pages of templates, where two people have one open at the same time."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from linecard.accounts.models import User
from linecard.messaging.models import MessageTemplate

pytestmark = pytest.mark.django_db


def test_nobody_puts_back_or_deletes_what_somebody_else_wrote_since(
    admin: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(admin)
    stock = MessageTemplate.objects.get(stock="low_balance")
    own = MessageTemplate.objects.create(name="Own", name_key="own", channel="sms", text="Hi")
    seen = {one.pk: one.version for one in (stock, own)}
    for one in (stock, own):
        page = reverse("messaging:template", args=[one.pk])
        given = {"name": one.name, "subject": one.subject, "text": "New words", "version": seen[one.pk]}
        assert client.post(page, given).status_code == 302
    for view, one in (("template-reset", stock), ("template-delete", own)):
        address = reverse(f"messaging:{view}", args=[one.pk])
        told = client.post(address, {"version": seen[one.pk]}, follow=True)
        assert "Somebody changed this template in the meantime" in told.content.decode()
        one.refresh_from_db()
        assert one.text == "New words"
        assert client.post(address, {"version": one.version}).status_code == 302
    stock.refresh_from_db()
    assert stock.text != "New words"
    assert not MessageTemplate.objects.filter(pk=own.pk).exists()
