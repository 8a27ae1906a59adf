"""Emails as they go over the wire, whatever address a card can hold and whatever the words say."""

from contextlib import suppress
from email import message_from_string
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.delivery.emails import compose, wire_address
from linecard.fields import EmailField, Refused
from linecard.kernel.errors import Invalid

NAMES = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
]
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
        data = compose(
            sender="noc@carrier.example", sender_name=name, recipient=address, subject=subject, text="Grüße"
        ).as_bytes()
        assert data.isascii() == wire_address(address).isascii()
        read = message_from_string(data.decode(), policy=compat32)
        assert read.keys() == NAMES
        assert read["To"] == wire_address(address)
        assert read["From"].endswith("<noc@carrier.example>" if name else "noc@carrier.example")
        assert _decoded(read["Subject"]).split() == subject.split()
        assert read.get_payload(decode=True) == "Grüße\r\n".encode()


@pytest.mark.parametrize(
    "evil",
    [
        "=?utf-8?q?a=0d=0aBcc:_spy@evil.example=0d=0aX-Evil:_1=0d=0a=0d=0aFake_body?=",
        "=?unicode_escape?q?=5Cud800?=",
        "=?utf-8?b?DQpCY2M6IGE=?= and more",
        "Ünd =?utf-8?q?=0a?=",
        '"Carrier, the" <b@evil.example>,',
        "\\" * 30 + '"',
    ],
)
def test_no_encoded_word_of_somebody_is_taken_for_ours(evil: str) -> None:
    data = compose(
        sender="noc@carrier.example",
        sender_name=evil,
        recipient="ann@azure.example",
        subject=evil,
        text="Hello",
    ).as_bytes()
    read = message_from_string(data.decode("ascii"), policy=compat32)
    assert read.keys() == NAMES
    assert _decoded(read["Subject"]) == evil
    name, address = parseaddr(read["From"])
    assert (_decoded(name), address) == (evil, "noc@carrier.example")


@pytest.mark.parametrize("local", ["=?utf-8?q?=0d=0aBcc=3a_spy=40evil.example?=", "a=?b", "=?"])
def test_an_address_that_readers_would_decode_is_none(local: str) -> None:
    with pytest.raises(Refused):
        _FIELD.clean(f"{local}@b.example")
    with pytest.raises(Invalid):
        compose(sender="noc@carrier.example", recipient=f"{local}@b.example", subject="s", text="t")


def _decoded(header: str) -> str:
    return str(make_header(decode_header(header)))
