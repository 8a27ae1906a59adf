"""Users who are there get the group that does what they could do."""

from typing import Any

from django.db import migrations

_ALL = ["create", "read", "update", "delete"]
_CARDS = {
    "customers": _ALL,
    "contacts": _ALL,
    "notes": _ALL,
    "uploads": _ALL,
    "messages": ["create", "read"],
}


def put_into_groups(apps: Any, schema_editor: Any) -> None:
    """Administrators, members of resellers, everybody else."""
    users = apps.get_model("accounts", "User").objects
    groups = apps.get_model("accounts", "Group").objects
    kinds: tuple[tuple[Any, str, str, dict[str, list[str]], bool], ...] = (
        (users.filter(is_administrator=True), "administrator", "Administrator", {}, True),
        (users.exclude(reseller=None), "reseller", "Reseller", _CARDS, False),
        (
            users.filter(is_administrator=False, reseller=None),
            "account_manager",
            "Account manager",
            _CARDS,
            False,
        ),
    )
    for members, key, name, permissions, everything in kinds:
        if not members.exists():
            continue
        group = groups.create(
            name=name,
            name_key=name.casefold(),
            permissions=permissions,
            everything=everything,
            ready_made=key,
        )
        group.members.set(members)
        members.update(permissions=permissions)


class Migration(migrations.Migration):
    """Fills in."""

    dependencies = [("accounts", "0002_groups")]
    operations = [migrations.RunPython(put_into_groups, migrations.RunPython.noop)]
