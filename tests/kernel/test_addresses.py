"""IP addresses, and the networks they are in."""

import pytest

from linecard.kernel.addresses import guessing_address, is_within, plain_address


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        (None, None),
        ("unix:", None),
        ("192.0.2", None),
    ],
)
def test_an_address_is_written_in_one_way(text: str | None, plain: str | None) -> None:
    assert plain_address(text) == plain


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unix:", None),
    ],
)
def test_guesses_are_counted_under_what_one_guesser_has(text: str, counted: str | None) -> None:
    assert guessing_address(text) == counted


@pytest.mark.parametrize(
    ("text", "networks", "is_in"),
    [
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("192.0.3.7", ["192.0.2.0/24", "192.0.3.7/32"], True),
        ("2001:db8::9", ["2001:db8::/32"], True),
        ("2001:db8::9", ["192.0.2.0/24"], False),
        ("2001:db9::9", ["2001:db8::/32"], False),
        ("192.0.2.7", [], False),
        (None, ["0.0.0.0/0", "::/0"], False),
        ("nonsense", ["0.0.0.0/0", "::/0"], False),
    ],
)
def test_a_network_holds_its_addresses(text: str | None, networks: list[str], is_in: bool) -> None:
    assert is_within(text, networks) is is_in
