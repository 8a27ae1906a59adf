"""A process that is killed in the middle of a block leaves work that the next one ends, each card once."""

import os
import signal
import subprocess
import sys
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection

from linecard.accounts.actor import UserActor
from linecard.audit.models import AuditEntry
from linecard.customers.bulk_work.starting import begin_edit, undo_work
from linecard.customers.models import BulkResult, BulkWork
from linecard.customers.queries import visible_to
from tests.conftest import MakeCustomer
from tests.customers.bulk_work.conftest import done, values

CARDS = 12
# Does the work in blocks of three cards, and is killed when the second block is written but not yet committed.
_DYING = """
import os, signal, sys
import django
django.setup()
from linecard.customers.bulk_work import undoing, work as working
undoing.BLOCK = 3
written = 0
def write_and_die(*arguments, real=working.write_cards, **named):
    global written
    done = real(*arguments, **named)
    written += 1
    if written == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
working.write_cards = undoing.write_cards = write_and_die
going = working.CardsWork(int(sys.argv[1]))
while going.advance():
    pass
"""


def die_at_it(work: BulkWork) -> None:
    """Have another process work on it, and be killed."""
    database = quote(connection.settings_dict["NAME"], safe="")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = subprocess.run(
        [sys.executable, "-c", _DYING, str(work.pk)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.django_db(transaction=True)
def test_the_next_process_goes_on_at_the_mark(by: UserActor, make_customer: MakeCustomer) -> None:
    for number in range(CARDS):
        make_customer(f"Card {number:02}", cps=number)
    before = values("cps")
    work = begin_edit(visible_to(by.user), changes={"cps": 60}, by=by)

    die_at_it(work)
    work.refresh_from_db()
    assert (work.state, work.changed, work.mark) == ("running", 3, 1)
    assert list(values("cps").values()).count(60) == 3

    work = done(work)
    assert (work.state, work.changed) == ("done", CARDS)
    assert set(values("cps").values()) == {60}
    assert set(values("version").values()) == {2}
    assert AuditEntry.objects.filter(action="customer.updated").count() == CARDS

    die_at_it(undo_work(work_id=work.pk, by=by))
    work.refresh_from_db()
    assert (work.state, work.undone) == ("undoing", 3)
    work = done(work)
    assert (work.state, work.undone, work.left) == ("undone", CARDS, 0)
    assert values("cps") == before
    assert set(values("version").values()) == {3}
    assert BulkResult.objects.filter(work=work, outcome="undone").count() == CARDS
