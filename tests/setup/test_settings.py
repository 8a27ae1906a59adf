"""Changing and reading the settings of the installation."""

import pytest

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.kernel.errors import Conflict, Forbidden, Invalid, Stale
from linecard.setup.actions import change_settings
from linecard.setup.models import InstallationSettings
from linecard.setup.queries import current_settings

pytestmark = pytest.mark.django_db

SECRET = "pa ss\"w'örd "


@pytest.fixture
def boss(admin: User) -> UserActor:
    """The administrator, acting through a form."""
    return acting(admin, via="form")


def test_defaults_hold_until_something_is_set() -> None:
    settings = current_settings()

    assert settings["email.host"] == ""
    assert settings["email.port"] == 587
    assert settings["email.security"] == "starttls"
    assert settings["email.messages_per_minute"] is None
    assert not settings.is_set("email.password")
    assert settings.secret("email.password") == ""


def test_what_is_changed_is_read_and_the_rest_stays(boss: UserActor) -> None:
    change_settings({"company.name": "North Carrier", "company.phone": "+44 20 7946 0000"}, by=boss)
    changed = change_settings({"company.city": "London"}, by=boss)

    assert changed.version == 3
    now = current_settings()
    assert now["company.name"] == "North Carrier"
    assert now["company.phone"] == "+442079460000"
    assert now["company.city"] == "London"


def test_a_change_to_the_same_changes_nothing(boss: UserActor) -> None:
    change_settings({"company.city": "London"}, by=boss)

    assert change_settings({"company.city": "London"}, by=boss).version == 2
    assert AuditEntry.objects.filter(subject_type="settings").count() == 1


def test_a_secret_is_sealed_and_told_to_nobody(boss: UserActor) -> None:
    change_settings({"email.password": SECRET}, by=boss)

    row = InstallationSettings.objects.get()
    assert SECRET not in str(row.secrets) + str(row.values)
    assert current_settings().secret("email.password") == SECRET
    assert SECRET not in repr(current_settings())
    assert "email.password" not in current_settings().values
    entry = AuditEntry.objects.get(subject_type="settings")
    assert entry.changes == {"email.password": [None, "(another secret)"]}


def test_an_empty_secret_is_taken_away(boss: UserActor) -> None:
    change_settings({"email.password": SECRET, "sms.auth_token": "one"}, by=boss)
    change_settings({"email.password": "", "sms.auth_token": None}, by=boss)

    assert not current_settings().is_set("email.password")
    assert not current_settings().is_set("sms.auth_token")
    assert AuditEntry.objects.order_by("id").last().changes == {  # type: ignore[union-attr]
        "email.password": ["(secret)", None],
        "sms.auth_token": ["(secret)", None],
    }


@pytest.mark.parametrize(
    ("secret", "change"),
    [
        ("email.password", {"email.host": "evil.example"}),
        ("email.password", {"email.port": 2525}),
        ("email.password", {"email.security": "none"}),
        ("sms.auth_token", {"sms.api_base_url": "https://evil.example"}),
    ],
)
def test_a_kept_secret_is_told_to_no_other_server(
    boss: UserActor, secret: str, change: dict[str, str | int]
) -> None:
    change_settings({"email.host": "mail.example", "email.password": "one", "sms.auth_token": "one"}, by=boss)
    with pytest.raises(Invalid, match="Type it again") as refusal:
        change_settings({**change, "company.city": "London"}, by=boss)
    assert [error.field for error in refusal.value.errors] == [secret]
    assert current_settings()["company.city"] == ""
    same = {"email.host": "mail.example", "company.city": "London"}
    assert change_settings(same, by=boss)["company.city"] == "London"
    assert change_settings({**change, secret: "two"}, by=boss).secret(secret) == "two"
    change_settings({"email.password": "", "sms.auth_token": ""}, by=boss)
    told_to_nobody = {"email.host": "other.example", "sms.api_base_url": ""}
    assert change_settings(told_to_nobody, by=boss)["email.host"] == "other.example"


def test_other_addresses_can_begin_with_the_public_one(boss: UserActor) -> None:
    for wrong in ("https://x.example/?a=1", "https://x.example/#b"):
        with pytest.raises(Invalid, match="other addresses begin with this one"):
            change_settings({"web.public_url": wrong}, by=boss)


def test_a_secret_of_another_key_is_named(boss: UserActor, settings: pytest.FixtureRequest) -> None:
    from cryptography.fernet import Fernet

    change_settings({"email.password": SECRET}, by=boss)
    settings.SEALING_KEY = Fernet.generate_key()  # type: ignore[attr-defined]

    with pytest.raises(Conflict, match="Password was encrypted with another key"):
        current_settings().secret("email.password")


def test_every_wrong_value_is_named_at_once_and_nothing_is_written(boss: UserActor) -> None:
    with pytest.raises(Invalid) as refusal:
        change_settings(
            {"email.port": 0, "email.host": "mail.example.com", "email.security": "ssl", "email.hots": "x"},
            by=boss,
        )

    assert sorted(error.field for error in refusal.value.errors) == [
        "email.hots",
        "email.port",
        "email.security",
    ]
    assert current_settings()["email.host"] == ""


def test_an_older_version_is_refused(boss: UserActor) -> None:
    change_settings({"company.city": "London"}, by=boss, expected_version=1)

    with pytest.raises(Stale):
        change_settings({"company.city": "Paris"}, by=boss, expected_version=1)
    assert current_settings()["company.city"] == "London"


def test_only_staff_who_may_change_settings_do(staff: User, north_user: User) -> None:
    for user in (staff, north_user):
        with pytest.raises(Forbidden):
            change_settings({"company.city": "London"}, by=acting(user, via="form"))
