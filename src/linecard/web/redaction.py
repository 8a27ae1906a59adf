"""Secrets never reach a log. What looks like one is replaced before a line is written."""

import re

REDACTED = "[redacted]"

_SENSITIVE_NAME = (
    r"(?:pass(?:word|wd|phrase)?\d?|secret\w*|\w*token|api[_-]?key|session(?:id|[_-]key)|csrf\w*)"
)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # a header with all that follows on its line: "Authorization: Bearer x", "'cookie': 'a=b; c=d'"
    (
        re.compile(r"""(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)\b(['"]?\s*[:=]\s*)[^\r\n]+"""),
        rf"\1\2{REDACTED}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {REDACTED}"),
    # scheme://user:password@host; up to the last @, since some write one in a password
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s:/@]*):\S+@"), rf"\1:{REDACTED}@"),
    # password=x, "token": "x", api_key='x y'
    (
        re.compile(
            rf"""(?ix)\b ((?:\w+[_-])? {_SENSITIVE_NAME}) (['"]? \s* [:=]+ \s*)
            (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^\s,;&)}}\]]+ )"""
        ),
        rf"\1\2{REDACTED}",
    ),
    # what PostgreSQL quotes of a row that breaks a constraint
    (re.compile(r"(?s)(Failing row contains ).*?\)(?=\.?\s*$|\.\n)"), rf"\1{REDACTED}"),
    # our own tokens, wherever they turn up
    (re.compile(r"\blc_[A-Za-z0-9_-]{16,}"), REDACTED),
    (re.compile(r"\$argon2[a-z]*\$[^\s'\"]+"), REDACTED),
)

_SENSITIVE_KEY = re.compile(rf"(?i)(?:.*[_-])?(?:{_SENSITIVE_NAME}|authorization|(?:set-)?cookie|dsn)")


def redact(text: str) -> str:
    """The text with passwords, tokens, cookies and the like taken out."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def is_sensitive(key: str) -> bool:
    """Whether a value under this name must not be shown at all."""
    return _SENSITIVE_KEY.fullmatch(key) is not None
