"""One-time codes as RFC 6238 has them, and recovery codes."""

import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from linecard.accounts.one_time_codes import (
    matching_step,
    new_recovery_codes,
    new_secret,
    picture,
    provisioning_address,
    recovery_hash,
)

# The secret and the moments of RFC 6238, appendix B; the last six of its eight digits.
SECRET = b32encode(b"12345678901234567890").decode()
CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), CODES)
def test_codes_of_the_standard_match_their_step(seconds: int, code: str) -> None:
    assert matching_step(SECRET, code, moment(seconds), after=0) == seconds // 30


@pytest.mark.parametrize(
    ("late", "step"),
    [(-31, 37037036), (-30, 37037036), (0, 37037036), (30, 37037036), (60, None), (-60, None)],
)
def test_a_clock_may_be_wrong_by_one_step(late: int, step: int | None) -> None:
    at = moment(37037036 * 30 + 29) + timedelta(seconds=late)
    assert matching_step(SECRET, "081804", at, after=0) == step


def test_a_step_counts_once() -> None:
    at = moment(1111111109)
    step = matching_step(SECRET, "081804", at, after=0)
    assert step == 37037036
    assert matching_step(SECRET, "081804", at, after=step) is None
    assert matching_step(SECRET, "081804", at, after=step - 1) == step


@pytest.mark.parametrize("typed", ["081 804", " 081804 ", "081-804"])
def test_spaces_do_not_matter(typed: str) -> None:
    assert matching_step(SECRET, typed, moment(1111111109), after=0) == 37037036


@pytest.mark.parametrize("typed", ["", "81804", "0818040", "081805", "０８１８０４", "é", "\ud800"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert matching_step(SECRET, typed, moment(1111111109), after=0) is None


def test_secrets_have_160_bits_and_differ() -> None:
    first, second = new_secret(), new_secret()
    assert re.fullmatch("[A-Z2-7]{32}", first)
    assert first != second


def test_the_address_for_the_app_tells_whose_codes_they_are() -> None:
    address = provisioning_address(SECRET, "anna b")
    assert address == f"otpauth://totp/Linecard:anna%20b?secret={SECRET}&issuer=Linecard"


def test_the_picture_is_one_that_the_page_may_show() -> None:
    assert picture("otpauth://totp/x").startswith("data:image/svg+xml")


def test_recovery_codes_are_ten_of_80_bits() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch("[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)


def test_a_recovery_code_is_known_however_it_is_typed() -> None:
    kept = recovery_hash("abcd-efgh-ijkl-mnop")
    assert kept == recovery_hash(" ABCD EFGHijklmnop")
    assert kept != recovery_hash("abcd-efgh-ijkl-mnoq")
    assert len(kept) == 64
