"""Wall-clock times in a user's zone, also where clocks change."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from linecard.customers.forms.moments import MomentForm, parse_local
from linecard.kernel.errors import Invalid

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-11-30T14:05", "Europe/London", datetime(2026, 11, 30, 14, 5, tzinfo=UTC)),
        ("2026-07-01T14:05", "Europe/London", datetime(2026, 7, 1, 13, 5, tzinfo=UTC)),
        ("2026-07-01 14:05", "Asia/Kathmandu", datetime(2026, 7, 1, 8, 20, tzinfo=UTC)),
        (" 2026-07-01T14:05:30 ", "UTC", datetime(2026, 7, 1, 14, 5, 30, tzinfo=UTC)),
        ("2026-10-25T00:59", "Europe/London", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T02:00", "Europe/London", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2026-03-29T02:00", "Europe/London", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_on_the_users_clock(text: str, zone: str, moment: datetime) -> None:
    assert parse_local(text, ZoneInfo(zone)) == moment


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write the date and the time, for example 2026-11-30 14:05."),
        ("tomorrow", "Write the date and the time, for example 2026-11-30 14:05."),
        ("2026-11-30T14:05Z", "Write the time without a zone; it is taken in your own."),
        ("0001-01-01T00:00", "This date is too far away."),
        (
            "2026-03-29T01:30",
            "Clocks in Europe/London go forward on 29 March 2026: 01:30 does not exist. Choose another time.",
        ),
        (
            "2026-10-25T01:30",
            "Clocks in Europe/London go back on 25 October 2026: 01:30 comes twice. Choose another time.",
        ),
    ],
)
def test_a_time_that_names_no_one_moment_is_refused(text: str, message: str) -> None:
    zone = ZoneInfo("Asia/Tokyo") if text.startswith("0001") else LONDON
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_local(text, zone)


@pytest.mark.parametrize("after", ["never", "exact"])
def test_an_unknown_delay_is_no_delay(after: str) -> None:
    with timezone.override(LONDON):
        form = MomentForm(QueryDict(f"delay-after={after}"), prefix="delay")
        with pytest.raises(Invalid) as caught:
            form.moment()
    assert [error.field for error in caught.value.errors] == ["run_at"]
    assert form.errors["at"] == ["Write the date and the time, for example 2026-11-30 14:05."]
