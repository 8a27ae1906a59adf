"""Users, the resellers they may belong to, and what they sign in with: tokens, sessions, second factors."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from linecard.kernel.names import name_key

# Folding can make a name longer (ß is ss). Wrong passwords are counted under the folded name, in a column this long.
MAX_USERNAME_KEY_LENGTH = 255


class Reseller(models.Model):
    """A group of users who see and manage only the customers that belong to it."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=600, unique=True)
    reply_to = models.CharField(max_length=254, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "reseller"
        constraints = [models.CheckConstraint(condition=~models.Q(name_key=""), name="reseller_has_name")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """Permissions that are given to several users: ``{area: [verb, …]}``.

    ``everything`` is every permission, also in areas that come later. ``ready_made`` is the key of a group that is
    there from the start.
    """

    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=300, unique=True)
    permissions = models.JSONField(default=dict)
    everything = models.BooleanField(default=False)
    ready_made = models.CharField(max_length=40, default="", blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "user_group"
        constraints = [
            models.CheckConstraint(condition=~models.Q(name_key=""), name="group_has_name"),
            models.UniqueConstraint(
                fields=["ready_made"], condition=~models.Q(ready_made=""), name="group_ready_made_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds users by name as people type it."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of that name, in any case and with or without spaces around it."""
        return self.get(username_key=name_key(username or ""))


class User(AbstractBaseUser):
    """Somebody who signs in: operator staff, or a member of a reseller.

    ``username_key`` is the username as it is compared. Raising ``session_epoch`` ends all of the user's sessions.
    ``permissions`` are those of all groups together, and ``is_administrator`` says that one of them has everything:
    both are kept here so that no request has to add them up. ``allowed_addresses`` are networks from which alone the
    user may come; empty means from anywhere.
    """

    username = models.CharField(max_length=150)
    username_key = models.CharField(max_length=450, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    reseller = models.ForeignKey(Reseller, models.PROTECT, null=True, blank=True, related_name="members")
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    groups = models.ManyToManyField(Group, related_name="members", db_table="user_in_group")
    permissions = models.JSONField(default=dict)
    allowed_addresses = ArrayField(models.CharField(max_length=50), default=list)
    version = models.IntegerField(default=1)
    is_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    session_epoch = models.IntegerField(default=0)
    invited_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        db_table = "linecard_user"
        constraints = [
            models.CheckConstraint(condition=~models.Q(username_key=""), name="user_has_username"),
            # an administrator manages everything, so cannot be one of a reseller
            models.CheckConstraint(
                condition=models.Q(reseller=None) | models.Q(is_administrator=False),
                name="user_reseller_no_administrator",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_session_auth_hash(self) -> str:
        """A session lives as long as this stays the same: it ends with the password and with the epoch."""
        return salted_hmac(
            "linecard.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()


class ApiToken(models.Model):
    """A bearer token; only its hash is kept."""

    class Kind(models.TextChoices):
        """What the token is for."""

        API = "api", "API"
        SWITCH = "switch", gettext_noop("Switch")

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    kind = models.CharField(max_length=10, choices=Kind)
    read_only = models.BooleanField(default=False)
    hash = models.CharField(max_length=64, unique=True)
    # the first characters, so that a person can tell tokens apart
    beginning = models.CharField(max_length=12)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["api", "switch"]), name="api_token_kind")
        ]

    def __str__(self) -> str:
        return f"{self.beginning}… of {self.user}"


class Session(models.Model):
    """A browser that came, and once somebody has signed in there, theirs.

    The cookie's value is kept as its hash only, so nobody who reads the table can take a session over. ``data`` is
    signed. ``address`` and ``agent`` are those of the last time it was noted, ``seen_at``: at most once a minute.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="", blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "browser_session"

    def __str__(self) -> str:
        return f"session {self.pk} of {self.user or 'nobody'}"


class SecondFactor(models.Model):
    """The app that makes a user's one-time codes; asked for at sign-in once it is confirmed.

    ``secret`` is sealed with a key that is not in the database. No code of ``last_step`` (of 30 seconds, counted since
    1970) or of one before it is taken again. ``failures`` in a row close it for a while after ``failed_at``.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="second_factor")
    secret = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "second_factor"

    def __str__(self) -> str:
        return f"second factor of {self.user}"


class RecoveryCode(models.Model):
    """A code that takes the place of the app's once; only its hash is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"
        constraints = [models.UniqueConstraint(fields=["factor", "hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk} of {self.factor}"
