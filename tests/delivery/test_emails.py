"""Emails as they go over the wire, whatever address a card can hold and whatever the words say."""

from contextlib import suppress
from email import message_from_string
from email.policy import SMTP, SMTPUTF8, default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.delivery.emails import compose, wire_address
from linecard.fields import EmailField, Refused
from linecard.kernel.errors import Invalid

_FIELD = EmailField(name="email", label="Email")
_LOCAL = st.text(
    st.characters(categories=("L", "M", "N")) | st.sampled_from(".!#$%&'*+-/=?^_`{|}~\""), max_size=20
)
_DOMAIN = st.text(st.characters(categories=("L", "M", "N")) | st.sampled_from(".-"), max_size=20)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ann@azure.example", "ann@azure.example"),
        ("ann@grüße.example", "ann@xn--gre-6ka8l.example"),
        ("Ann@GRÜSSE.example", "Ann@xn--grsse-lva.example"),
        ("аня@пример.рф", "аня@xn--e1afmkfd.xn--p1ai"),
        ("用户@例え.jp", "用户@xn--r8jz45g.jp"),
    ],
)
def test_an_address_of_any_script_can_be_kept_and_looked_up(typed: str, sent: str) -> None:
    assert _FIELD.clean(typed) == typed
    assert wire_address(typed) == sent


@pytest.mark.parametrize(
    "typed", ["a\u00a0b@x.example", "a\u200bb@x.example", "😀@x.example", "ü@", "@ü", "ü@x"]
)
def test_what_is_no_letter_is_no_part_of_an_address(typed: str) -> None:
    with pytest.raises(Refused):
        _FIELD.clean(typed)


@given(_LOCAL, _DOMAIN, st.text(max_size=40), st.text(max_size=40))
def test_every_address_that_a_card_can_hold_gets_an_email_of_its_own(
    local: str, domain: str, name: str, subject: str
) -> None:
    with suppress(Refused, Invalid):
        address = _FIELD.clean(f"{local}@{domain}.example")
        written: Any = compose(
            sender="noc@carrier.example", sender_name=name, recipient=address, subject=subject, text="Hello"
        )
        policy = SMTP if wire_address(address).isascii() else SMTPUTF8
        read: Any = message_from_string(written.as_bytes(policy=policy).decode(), policy=default)
        assert [one.addr_spec for one in read["To"].addresses] == [wire_address(address)]
        assert sorted(read.keys()) == sorted(written.keys())
        assert read.get_content().strip() == "Hello"
