"""Who acts, and through which door."""

from dataclasses import dataclass

# The doors through which a change can come; more are added by the rooms that open them.
FORM, API, JOB, COMMAND = "form", "api", "job", "command"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a user by id and name (None for the system itself), the door, and the IP address."""

    user_id: int | None
    name: str
    via: str
    address: str | None = None


SYSTEM = Actor(user_id=None, name="Linecard", via=JOB)
