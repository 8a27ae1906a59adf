"""The pace that is set for a channel, kept by all sends and all processes together."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from linecard.kernel.clock import now
from linecard.messaging.models import Pace

# So much may be caught up: jobs are looked for every few seconds, and the pace is that of a minute.
CATCH_UP = timedelta(seconds=6)

_TAKE = """
    INSERT INTO message_pace AS pace (channel, free_at) VALUES (%(channel)s, %(now)s + %(gap)s)
    ON CONFLICT (channel) DO UPDATE
        SET free_at = GREATEST(LEAST(pace.free_at, %(now)s), %(now)s - %(catch_up)s) + %(gap)s
        -- a turn that is further away was given before the pace was raised, or the clock was set back
        WHERE pace.free_at <= %(now)s OR pace.free_at > %(now)s + %(gap)s + %(catch_up)s
    RETURNING 1
"""


def take_turn(channel: str, per_minute: int) -> datetime | None:
    """Take the channel's next turn, in the present transaction; else the moment from which to ask again."""
    values: dict[str, Any] = {
        "channel": channel,
        "now": now(),
        "gap": timedelta(minutes=1) / per_minute,
        "catch_up": CATCH_UP,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.fetchone():
            return None
    return Pace.objects.get(pk=channel).free_at
