"""A forgotten password: a link by email with which its user chooses another, once, within an hour.

Nobody learns from the page who has an account: what is asked for is noted, and looked up by a job.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from linecard.accounts.actions.sessions import drop_sessions
from linecard.accounts.actions.users import put_password
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.audit.actor import FORM
from linecard.audit.trail import record
from linecard.delivery.emails import compose
from linecard.delivery.outcome import Accepted, Outcome, Refused, Unknown
from linecard.delivery.smtp import MailConnection
from linecard.kernel.clock import now
from linecard.kernel.errors import NotFound
from linecard.kernel.names import name_key
from linecard.setup.email import mail_problem, mail_server, sender
from linecard.setup.models import PasswordRequest
from linecard.setup.queries import current_settings

VALID_FOR = timedelta(hours=1)
MAX_OF_ADDRESS, MAX_OF_USER = 20, 3  # in an hour
TASK = "setup.mail_password_link"
_MAX_LINK, _MAX_NAME = 120, 254
_MAX_USERS = 5  # who share an email address


def forgotten_page() -> str:
    """Where to ask for a link; empty while no email can be sent.

    Nor is it offered where browsers may call this server by any name and its own is not set: whoever asks could have
    another's link lead to a server of theirs.
    """
    now_set = current_settings()
    is_named = bool(now_set["web.public_url"]) or "*" not in settings.ALLOWED_HOSTS
    return reverse("password-forgotten") if is_named and not mail_problem(now_set) else ""


@transaction.atomic
def ask_for_link(name: str, *, address: str, base_url: str) -> None:
    """Note that somebody forgot the password of a name or an email address; a job looks whose that is."""
    hour_ago = now() - timedelta(hours=1)
    PasswordRequest.objects.filter(asked_at__lt=hour_ago).delete()
    if PasswordRequest.objects.filter(address=address, user=None).count() >= MAX_OF_ADDRESS:
        return
    PasswordRequest.objects.create(address=address)
    app.configure_task(TASK, queue="messages").defer(
        name=name[:_MAX_NAME], address=address, base_url=base_url
    )


def mail_links(name: str, *, address: str, base_url: str) -> list[Outcome]:
    """Mail a link to each user of that name or email address, at most so many in an hour; what became of them."""
    found = User.objects.filter(Q(username_key=name_key(name)) | Q(email__iexact=name.strip()))
    users = list(found.filter(is_active=True).exclude(email="").order_by("pk")[:_MAX_USERS])
    return [
        _mail_link(user, asked, address, base_url) for user in users if (asked := _take_turn(user, address))
    ]


def user_of_link(link: str) -> User:
    """Whose password a link changes. Raises ``NotFound`` when it is wrong, used, or too old."""
    return _of_link(link, lock=False)


@transaction.atomic
def reset_password(*, link: str, password: str, address: str | None) -> User:
    """Choose another password with a link; all sessions end. Raises ``NotFound``, and ``Invalid`` for a weak one."""
    user = _of_link(link, lock=True)
    put_password(user, password)
    user.save(update_fields=["password"])
    drop_sessions(user)
    by = acting(user, via=FORM, address=address)
    record(by=by, action="user.password_reset", subject_type="user", subject_id=user.pk)
    return user


@transaction.atomic
def _take_turn(user: User, address: str) -> PasswordRequest | None:
    """Count an email to a user before it goes; None when they had as many as they may have."""
    User.objects.select_for_update().get(pk=user.pk)
    if PasswordRequest.objects.filter(user=user).count() >= MAX_OF_USER:
        return None
    return PasswordRequest.objects.create(address=address, user=user)


def _mail_link(user: User, asked: PasswordRequest, address: str, base_url: str) -> Outcome:
    outcome = _hand_over(user, base_url)
    if not isinstance(outcome, Accepted | Unknown):
        asked.delete()
    by = acting(user, via=FORM, address=address or None)
    record(by=by, action="user.password_mailed", subject_type="user", subject_id=user.pk, note=outcome.words)
    return outcome


def _hand_over(user: User, base_url: str) -> Outcome:
    now_set = current_settings()
    if problem := mail_problem(now_set):
        return Refused(problem)
    us = sender(now_set)
    text = gettext(
        "Somebody asked for another password for the user {username}.\n\nChoose it here, within an hour:\n{link}\n\n"
        "If that was not you, do nothing: your password stays."
    ).format(username=user.username, link=_address(user, base_url))
    message = compose(
        sender=us.address,
        sender_name=us.name,
        recipient=user.email,
        subject=gettext("Choose another password"),
        text=text,
    )
    with MailConnection(mail_server(now_set)) as connection:
        return connection.hand_over(message, sender=us.address, recipient=user.email)


def _address(user: User, base_url: str) -> str:
    moment = str(int(now().timestamp()))
    link = f"{user.pk}.{moment}.{_signature(user, moment)}"
    # the secret part is in the query, which no log keeps
    return f"{base_url.rstrip('/')}{reverse('password-reset')}?{urlencode({'link': link})}"


def _of_link(link: str, *, lock: bool) -> User:
    number, _, rest = link[:_MAX_LINK].partition(".")
    moment, _, signature = rest.partition(".")
    users = User.objects.filter(is_active=True)
    if lock:
        users = users.select_for_update()
    user = users.filter(pk=int(number)).first() if _is_number(number) and _is_fresh(moment) else None
    if user is None or not constant_time_compare(signature, _signature(user, moment)):
        raise NotFound(gettext("This link was used, or is older than an hour."))
    return user


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _is_fresh(moment: str) -> bool:
    if not _is_number(moment) or len(moment) > 11:
        return False
    age = now() - datetime.fromtimestamp(int(moment), tz=now().tzinfo)
    return timedelta(minutes=-1) <= age <= VALID_FOR


def _signature(user: User, moment: str) -> str:
    """Another one after each new password, and each time that all sessions are ended."""
    state = f"{user.pk}:{moment}:{user.password}:{user.session_epoch}:{user.email}"
    return salted_hmac("linecard.password_reset", state, algorithm="sha256").hexdigest()
