"""No secret survives, and ordinary text does."""

import pytest

from linecard.web.redaction import is_sensitive, redact

SECRETS = [
    ("Authorization: Bearer lc_abc123", "Authorization: [redacted]"),
    ("{'authorization': 'Basic YWRtaW46eA=='}", "{'authorization': [redacted]"),
    ("sent bearer eyJhbGciOiJI.x-y", "sent bearer [redacted]"),
    ("Cookie: sessionid=abc; csrftoken=def", "Cookie: [redacted]"),
    ("Set-Cookie: sessionid=abc; HttpOnly", "Set-Cookie: [redacted]"),
    ("postgresql://linecard:p4ss:w@rd@db/line", "postgresql://linecard:[redacted]@db/line"),
    ("DATABASE_URL=postgres://u:pw@h/d is bad", "DATABASE_URL=postgres://u:[redacted]@h/d is bad"),
    ("host=db password=pw dbname=x", "host=db password=[redacted] dbname=x"),
    ("password='two words' user=x", "password=[redacted] user=x"),
    ('{"password": "say \\"hi\\"", "name": "x"}', '{"password": [redacted], "name": "x"}'),
    ("LINECARD_ADMIN_PASSWORD=hunter2", "LINECARD_ADMIN_PASSWORD=[redacted]"),
    ("new_password1=hunter2&next=/", "new_password1=[redacted]&next=/"),
    ("api_key: abc", "api_key: [redacted]"),
    ("sms.auth_token=abc", "sms.auth_token=[redacted]"),
    ("csrfmiddlewaretoken=abc&x=1", "csrfmiddlewaretoken=[redacted]&x=1"),
    ("the token lc_Ab0-_Ab0-_Ab0-_Ab0 is new", "the token [redacted] is new"),
    ("hash $argon2id$v=19$m=102400,t=2,p=8$abc$def here", "hash [redacted] here"),
    (
        "null value\nDETAIL:  Failing row contains (1, secret (really), x).",
        "null value\nDETAIL:  Failing row contains [redacted].",
    ),
]


@pytest.mark.parametrize(("text", "expected"), SECRETS)
def test_secrets_are_taken_out(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "GET /customers/12 200 3.1 ms",
        "Customer 12 saved by Stella: debit_limit 0 -> 5.00",
        "see https://example.com/a:b@c",
        "tokens are listed on the account page",
        "The password is too short.",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("key", "sensitive"),
    [
        ("password", True),
        ("new_password", True),
        ("token", True),
        ("Authorization", True),
        ("cookie", True),
        ("session_key", True),
        ("secret", True),
        ("path", False),
        ("user_id", False),
        ("tokens_made", False),
    ],
)
def test_names_tell_what_is_sensitive(key: str, sensitive: bool) -> None:
    assert is_sensitive(key) is sensitive
