"""What `linecard doctor` looks at: one function a question, each answers with a finding."""

import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from linecard.config import environment, schema
from linecard.config.first_password import password_file
from linecard.config.secret_key import SEALING_KEY_FILE, SIGNING_KEY_FILE
from linecard.config.upkeep import STALLED_AFTER_SECONDS
from linecard.delivery.outcome import Accepted
from linecard.delivery.smtp import MailConnection
from linecard.embedded import Places
from linecard.kernel.errors import Conflict
from linecard.setup.email import mail_problem, mail_server
from linecard.setup.queries import current_settings

OLDEST_POSTGRESQL = 16
_LEAST_FREE_BYTES = 1 << 30
_MOST_SKEW_SECONDS = 2.0
_OVERDUE_SECONDS = 120
_MAIL_SECONDS = 10.0
_FAILED_WITHIN_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question. ``remedy`` is what to do, and empty when all is well."""

    subject: str
    detail: str
    remedy: str = ""

    @property
    def good(self) -> bool:
        """Whether there is nothing to do."""
        return not self.remedy


def examine(data_dir: Path) -> list[Finding]:
    """All findings. Without a database, what needs one is left out."""
    findings = [disk(data_dir), private_files(data_dir)]
    database = server()
    findings.append(database)
    if database.good:
        findings.append(migrations())
        if findings[-1].good:
            findings += [worker(), jobs(), clock(), mail()]
    return findings


def disk(data_dir: Path) -> Finding:
    """Room for the database to grow."""
    free = shutil.disk_usage(data_dir).free
    detail = f"{free / (1 << 30):.1f} GB free below {data_dir}"
    if free < _LEAST_FREE_BYTES:
        return Finding("disk", detail, "Free some space: a database whose disk is full stops.")
    return Finding("disk", detail)


def private_files(data_dir: Path) -> Finding:
    """Files and folders that nobody else may open."""
    places = Places(data_dir)
    keys = [data_dir / SIGNING_KEY_FILE, data_dir / SEALING_KEY_FILE]
    private = [*keys, password_file(data_dir), places.data, places.log, places.socket]
    opened = [path for path in private if _open_to_others(path)]
    if opened:
        commands = "; ".join(f"chmod go= '{path}'" for path in opened)
        names = ", ".join(path.name for path in opened)
        return Finding("private files", f"{names} can be opened by other accounts", f"Run: {commands}")
    return Finding("private files", "closed to other accounts")


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:  # not there, or inside a folder that is closed even to us
        return False


def server() -> Finding:
    """The database answers and is new enough."""
    own = environment.own_database_url() is not None
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('server_version_num')::int, current_setting('server_encoding')"
            )
            number, encoding = cursor.fetchone() or (0, "")
    except Exception as error:  # whatever the driver says is the finding
        reason = str(error).strip().partition("\n")[0]
        remedy = (
            "Check DATABASE_URL, and that its server runs and lets this machine in."
            if own
            else "Start it with `linecard serve` (as the account that owns the data folder)."
        )
        return Finding("database", f"cannot be reached: {reason}", remedy)
    detail = f"PostgreSQL {number // 10000}.{number % 10000}, {'your own' if own else 'embedded'}, {encoding}"
    if number // 10000 < OLDEST_POSTGRESQL:
        return Finding("database", detail, f"Linecard needs PostgreSQL {OLDEST_POSTGRESQL} or newer.")
    if encoding != "UTF8":
        return Finding("database", detail, "Names in all scripts need a database made with encoding UTF8.")
    return Finding("database", detail)


def migrations() -> Finding:
    """The schema is that of this version."""
    missing = schema.missing_migrations()
    if missing:
        return Finding(
            "migrations", f"{len(missing)} are missing, first {missing[0]}", "Run `linecard migrate`."
        )
    return Finding("migrations", "up to date")


def worker() -> Finding:
    """Somebody carries out jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)",
            [STALLED_AFTER_SECONDS],
        )
        (living,) = cursor.fetchone() or (0,)
    if not living:
        remedy = "Start `linecard serve` or `linecard worker`; planned changes wait until then."
        return Finding("worker", "none is alive", remedy)
    return Finding("worker", f"{living} alive")


def jobs() -> Finding:
    """Jobs are done, and in time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) filter (where job.status = 'failed'
                       and ended.at > now() - make_interval(secs => %(failed_within)s)),
                   count(*) filter (where job.status = 'doing' and coalesce(
                       worker.last_heartbeat < now() - make_interval(secs => %(stalled)s), true)),
                   count(*) filter (where job.status = 'todo'
                       and coalesce(job.scheduled_at, started.at) < now() - make_interval(secs => %(overdue)s))
              from procrastinate_jobs job
              left join procrastinate_workers worker on worker.id = job.worker_id
              left join lateral (select max(at) as at from procrastinate_events where job_id = job.id
                                  and type = 'failed') ended on job.status = 'failed'
              left join lateral (select max(at) as at from procrastinate_events where job_id = job.id
                                  and type in ('deferred', 'deferred_for_retry')) started on job.status = 'todo'
             where job.status in ('failed', 'doing', 'todo')
            """,
            {
                "failed_within": _FAILED_WITHIN_SECONDS,
                "stalled": STALLED_AFTER_SECONDS,
                "overdue": _OVERDUE_SECONDS,
            },
        )
        failed, stalled, overdue = cursor.fetchone() or (0, 0, 0)
    detail = f"{failed} failed in the last day, {stalled} stalled, {overdue} overdue"
    if failed:
        return Finding("jobs", detail, "The worker's log tells why they failed.")
    if stalled or overdue:
        return Finding("jobs", detail, "A living worker takes them up within a minute; if not, read its log.")
    return Finding("jobs", detail)


def clock() -> Finding:
    """This machine and the database agree on the time: planned changes depend on it."""
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (there,) = cursor.fetchone() or (before,)
    here = before + (datetime.now(UTC) - before) / 2
    skew = (there - here).total_seconds()
    detail = f"{abs(skew):.3f} s {'ahead of' if skew < 0 else 'behind'} the database's"
    if abs(skew) > _MOST_SKEW_SECONDS:
        return Finding("clock", detail, "Set both clocks by NTP: planned changes run by the time.")
    return Finding("clock", detail)


def mail() -> Finding:
    """The mail server lets us in, where one is set. Nothing is sent."""
    settings = current_settings()
    if not settings["email.host"]:
        return Finding("mail", "no mail server is set")
    where = f"{settings['email.host']}:{settings['email.port']}"
    remedy = "Set it up in Setup › Settings, and send a test email there."
    if problem := mail_problem(settings):
        return Finding("mail", problem, remedy)
    try:
        server = mail_server(settings, timeout=_MAIL_SECONDS)
    except Conflict as conflict:
        return Finding("mail", conflict.detail, remedy)
    with MailConnection(server) as connected:
        outcome = connected.check()
    if isinstance(outcome, Accepted):
        return Finding("mail", f"{where} lets us in")
    return Finding("mail", outcome.words, remedy)
