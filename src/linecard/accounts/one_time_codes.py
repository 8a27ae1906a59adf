"""One-time codes: those of an app (RFC 6238: six digits, SHA-1, 30 seconds), and those for when the app is lost."""

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
import segno

ISSUER = "Linecard"
RECOVERY_CODES = 10

# A clock may be wrong by one step, and a code takes a moment to type (RFC 6238, section 5.2).
_STEPS_AROUND = 1
_RECOVERY_BYTES = 10
_GROUP = 4
_SPACES = re.compile(r"[\s-]+")


def new_secret() -> str:
    """What the app and Linecard share: 160 random bits in base 32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The time step whose code this is, near a moment and after a step that was used already; None for none."""
    made = pyotp.TOTP(secret)
    present = made.timecode(at)
    typed = normal_code(code).encode("utf-8", "surrogatepass")
    for step in range(max(present - _STEPS_AROUND, after + 1), present + _STEPS_AROUND + 1):
        if hmac.compare_digest(made.generate_otp(step).encode(), typed):
            return step
    return None


def normal_code(code: str) -> str:
    """The code without what people put between its parts."""
    return _SPACES.sub("", code).lower()


def provisioning_address(secret: str, username: str) -> str:
    """What an app reads from the picture: whose codes they are, and the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def picture(text: str) -> str:
    """A QR code as the address of an SVG picture, dark on white whatever the page's colours are."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, dark="#000", light="#fff")


def new_recovery_codes() -> list[str]:
    """Codes of 80 random bits each, in groups that can be read out."""
    return [
        _grouped(b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower())
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code: it is random enough for a plain fast hash to be as safe as a slow one."""
    return hashlib.sha256(normal_code(code).encode("utf-8", "surrogatepass")).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
