"""Users, groups, resellers and tokens as the API's JSON objects."""

from typing import Any

from linecard.accounts.fields import USER_FIELDS
from linecard.accounts.models import ApiToken, Group, Reseller, User
from linecard.kernel.clock import write_moment, write_moment_or_none

Json = dict[str, Any]


def etag_of(user: User) -> str:
    """The user's entity tag, made of what a person edits."""
    return f'"{user.pk}-{user.version}"'


def spell_user(user: User) -> Json:
    """A user with the ids of their groups."""
    return {
        "id": user.pk,
        **{name: field.to_json(getattr(user, field.attribute)) for name, field in USER_FIELDS.items()},
        "groups": sorted(group.pk for group in user.groups.all()),
        "reseller": user.reseller_id,
        "active": user.is_active,
        "administrator": user.is_administrator,
        "created_at": write_moment(user.created_at),
    }


def spell_group(group: Group, users: int) -> Json:
    """A group with how many are in it."""
    return {
        "id": group.pk,
        "name": group.name,
        "permissions": group.permissions,
        "everything": group.everything,
        "ready_made": bool(group.ready_made),
        "users": users,
    }


def spell_reseller(reseller: Reseller, users: int) -> Json:
    """A reseller with how many belong to it."""
    return {
        "id": reseller.pk,
        "name": reseller.name,
        "reply_to": reseller.reply_to,
        "users": users,
        "created_at": write_moment(reseller.created_at),
    }


def spell_token(token: ApiToken) -> Json:
    """A token without its secret."""
    return {
        "id": token.pk,
        "kind": token.kind,
        "read_only": token.read_only,
        "beginning": token.beginning,
        "created_at": write_moment(token.created_at),
        "expires_at": write_moment_or_none(token.expires_at),
        "last_used_at": write_moment_or_none(token.last_used_at),
    }
