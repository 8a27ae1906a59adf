"""Every address of the product with the method, what it takes to use it, and what a user could send there.

A page is named by its URL name, an operation of the API by its path. What is missing here fails the test.
"""

from dataclasses import dataclass
from typing import Any

# Who comes in: everybody, everybody who is signed in, or whoever has a permission.
OPEN, OWN = "open", "own"


@dataclass(frozen=True)
class Door:
    """``need`` is OPEN, OWN, or an area and a verb. ``staff`` doors are closed to the users of resellers.

    ``body`` is what is sent: a form on pages, JSON to the API, and to pages with ``json``.
    """

    need: Any
    body: Any = None
    staff: bool = False
    json: bool = False


def _may(area: str, verb: str, body: Any = None, **options: bool) -> Door:
    return Door((area, verb), body, **options)


_READ = _may("customers", "read")
_UPDATE = _may("customers", "update")
_ARCHIVE = _may("customers", "delete")
_USERS = _may("users", "read")
_MANAGE = _may("users", "update")
_QUERY = {"limit": 1}
_LATER = {"delay_seconds": 60}
_ALL_CARDS = {"all": True}
_BULK = {"selection": _ALL_CARDS, "changes": {"channels": 9}}
_BULK_FORM = {"selection": '{"all": true}', "fields": "channels", "channels": "9"}
_WORK = "/api/v1/bulk-works/{work_id}"
_LOG = _may("messages", "read")
_SEND = _may("messages", "create")
_SEND_FORM = {"selection": '{"all": true}', "channel": "email", "subject": "News", "text": "Good ones."}
_NEW_MESSAGE = {"channel": "email", "selection": _ALL_CARDS, "subject": "News", "body": "Good ones."}
_MESSAGE = "/api/v1/messages/{send_id}"
_TEMPLATE = {"name": "Outage", "channel": "email", "subject": "Outage", "text": "Sorry."}
_TEMPLATES = "/api/v1/message-templates"
_NEW_CARD = {"name": "New", "currency": "EUR"}

PAGES: dict[tuple[str, str], Door] = {
    ("GET", "sign-in"): Door(OPEN),
    ("POST", "sign-in"): Door(OPEN, {"username": "x", "password": "y"}),
    ("GET", "sign-in-code"): Door(OPEN),
    ("POST", "sign-in-code"): Door(OPEN, {"code": "000000"}),
    ("GET", "invitation"): Door(OPEN),
    ("POST", "invitation"): Door(OPEN, {}),
    ("GET", "password-forgotten"): Door(OPEN),
    ("POST", "password-forgotten"): Door(OPEN, {"name": "x"}),
    ("GET", "password-reset"): Door(OPEN),
    ("POST", "password-reset"): Door(OPEN, {}),
    ("POST", "sign-out"): Door(OWN),
    ("GET", "account"): Door(OWN),
    ("POST", "account"): Door(OWN, {"name": "x"}),
    ("POST", "account-password"): Door(OWN, {}),
    ("POST", "account-tokens"): Door(OWN, {"kind": "api"}),
    ("POST", "account-token-revoke"): Door(OWN),
    ("POST", "account-session-end"): Door(OWN),
    ("GET", "account-second-factor"): Door(OWN),
    ("POST", "account-second-factor-begin"): Door(OWN),
    ("POST", "account-second-factor-confirm"): Door(OWN, {"code": "000000"}),
    ("POST", "account-recovery-codes"): Door(OWN, {"code": "000000"}),
    ("POST", "account-second-factor-drop"): Door(OWN, {"code": "000000"}),
    ("POST", "sign-out-everywhere"): Door(OWN),
    ("GET", "users"): _USERS,
    ("POST", "users-query"): _may("users", "read", _QUERY, json=True),
    ("GET", "user-new"): _may("users", "create"),
    ("POST", "user-new"): _may("users", "create", {"username": "new"}),
    ("GET", "user"): _USERS,
    ("POST", "user"): _may("users", "update", {"username": "sam", "version": "1"}),
    ("POST", "user-deactivate"): _MANAGE,
    ("POST", "user-activate"): _MANAGE,
    ("POST", "user-invite"): _MANAGE,
    ("POST", "user-password"): _may("users", "update", {"new": "x"}),
    ("POST", "user-factor-off"): _MANAGE,
    ("POST", "user-sign-out"): _MANAGE,
    ("POST", "user-session-end"): _MANAGE,
    ("POST", "user-tokens"): _may("users", "update", {"kind": "api"}),
    ("POST", "user-token-revoke"): _MANAGE,
    ("GET", "groups"): _may("users", "read", staff=True),
    ("POST", "groups-query"): _may("users", "read", _QUERY, staff=True, json=True),
    ("GET", "group-new"): _may("users", "create", staff=True),
    ("POST", "group-new"): _may("users", "create", {"name": "x"}, staff=True),
    ("GET", "group"): _may("users", "read", staff=True),
    ("POST", "group"): _may("users", "update", {"name": "x", "version": "1"}, staff=True),
    ("POST", "group-delete"): _may("users", "delete", staff=True),
    ("GET", "resellers"): _may("users", "read", staff=True),
    ("POST", "resellers-query"): _may("users", "read", _QUERY, staff=True, json=True),
    ("GET", "reseller-new"): _may("users", "create", staff=True),
    ("POST", "reseller-new"): _may("users", "create", {"name": "x"}, staff=True),
    ("GET", "reseller"): _may("users", "read", staff=True),
    ("POST", "reseller"): _may("users", "update", {"name": "x"}, staff=True),
    ("GET", "settings"): _may("settings", "read", staff=True),
    ("POST", "settings"): _may("settings", "update", {"company.name": "Us", "version": "1"}, staff=True),
    ("POST", "settings-test-email"): _may("settings", "update", {"to": "a@b.example"}, staff=True),
    ("POST", "settings-test-sms"): _may("settings", "update", {"to": "+15005550006"}, staff=True),
    ("GET", "audit-log"): _may("audit", "read", staff=True),
    ("POST", "audit-query"): _may("audit", "read", _QUERY, staff=True, json=True),
    ("POST", "grid-export"): _may("customers", "read", {"query": '{"format": "csv"}'}),
    ("GET", "audit-entry"): _may("audit", "read", staff=True),
    ("GET", "start"): Door(OWN),
    ("GET", "live"): Door(OWN),
    ("GET", "customers:list"): _READ,
    ("GET", "customers:bulk-form"): _UPDATE,
    ("POST", "customers:bulk-preview"): _may("customers", "update", _BULK_FORM),
    ("POST", "customers:bulk-edit"): _may("customers", "update", _BULK_FORM),
    ("GET", "customers:bulk-works"): _READ,
    ("POST", "customers:bulk-works-query"): _may("customers", "read", _QUERY, json=True),
    ("GET", "customers:bulk-work"): _READ,
    ("POST", "customers:bulk-results-query"): _may("customers", "read", _QUERY, json=True),
    ("POST", "customers:bulk-undo"): _UPDATE,
    ("GET", "customers:new"): _may("customers", "create"),
    ("POST", "customers:new"): _may("customers", "create", _NEW_CARD),
    ("POST", "customers:new-preview"): _may("customers", "create", _NEW_CARD),
    ("GET", "customers:card"): _READ,
    ("GET", "customers:edit"): _UPDATE,
    ("POST", "customers:edit"): _may("customers", "update", {"version": "1", "cps": "3"}),
    ("POST", "customers:edit-preview"): _may("customers", "update", {"version": "1", "cps": "3"}),
    ("GET", "customers:edit-news"): _UPDATE,
    ("POST", "customers:archive"): _ARCHIVE,
    ("POST", "customers:restore"): _ARCHIVE,
    ("GET", "customers:contact-new"): _may("contacts", "create"),
    ("POST", "customers:contact-new"): _may("contacts", "create", {"name": "Eve"}),
    ("GET", "customers:contact"): _may("contacts", "update"),
    ("POST", "customers:contact"): _may("contacts", "update", {"name": "Eve"}),
    ("POST", "customers:contact-verify"): _may("contacts", "update", {"way": "email"}),
    ("POST", "customers:contact-delete"): _may("contacts", "delete"),
    ("GET", "customers:note-new"): _may("notes", "create"),
    ("POST", "customers:note-new"): _may("notes", "create", {"text": "x"}),
    ("GET", "customers:note"): _may("notes", "update"),
    ("POST", "customers:note"): _may("notes", "update", {"text": "x"}),
    ("POST", "customers:note-delete"): _may("notes", "delete"),
    ("GET", "customers:clis"): _READ,
    ("POST", "customers:clis"): _may("customers", "update", {"cli": "442079460001", "reason": "x"}),
    ("GET", "customers:cli"): _UPDATE,
    ("POST", "customers:cli"): _may("customers", "update", {"cli": "442079460000", "reason": "y"}),
    ("POST", "customers:cli-delete"): _UPDATE,
    ("GET", "customers:pending"): _READ,
    ("GET", "customers:history"): _READ,
    ("GET", "customers:hand-over"): _UPDATE,
    ("POST", "customers:hand-over"): _may("customers", "update", {"to": "none"}),
    ("GET", "customers:delay-log"): _READ,
    ("POST", "customers:changes-query"): _may("customers", "read", _QUERY, json=True),
    ("POST", "customers:changes-cancel"): _may("customers", "update", "selected changes", json=True),
    ("POST", "customers:changes-run"): _may("customers", "update", "selected changes", json=True),
    ("GET", "customers:change"): _READ,
    ("POST", "customers:change-cancel"): _UPDATE,
    ("POST", "customers:change-run"): _UPDATE,
    ("GET", "importing:list"): _may("uploads", "read"),
    ("POST", "importing:query"): _may("uploads", "read", _QUERY, json=True),
    ("GET", "importing:new"): _may("uploads", "create"),
    ("POST", "importing:new"): _may("uploads", "create", {"target": "customers", "file_name": "a.csv"}),
    ("GET", "importing:upload"): _may("uploads", "read"),
    ("POST", "importing:piece"): _may("uploads", "create"),
    ("POST", "importing:finish"): _may("uploads", "create"),
    ("POST", "importing:abandon"): _may("uploads", "create"),
    ("GET", "importing:mapping"): _may("uploads", "create"),
    ("POST", "importing:table"): _may("uploads", "read"),
    ("POST", "importing:check"): _may("uploads", "create", {"start_row": "1"}),
    ("POST", "importing:forget"): _may("uploads", "create"),
    ("POST", "importing:discard"): _may("uploads", "create"),
    ("GET", "importing:progress"): _may("uploads", "read"),
    ("POST", "importing:apply"): _may("uploads", "create", {"rows": "good"}),
    ("POST", "importing:undo"): _may("uploads", "delete"),
    ("GET", "importing:bad-rows"): _may("uploads", "read"),
    ("GET", "messaging:email-log"): _LOG,
    ("POST", "messaging:email-log-query"): _may("messages", "read", _QUERY, json=True),
    ("GET", "messaging:sms-log"): _LOG,
    ("POST", "messaging:sms-log-query"): _may("messages", "read", _QUERY, json=True),
    ("GET", "messaging:message"): _LOG,
    ("GET", "messaging:html"): _LOG,
    ("POST", "messaging:retry"): _SEND,
    ("GET", "messaging:sends"): _LOG,
    ("POST", "messaging:sends-query"): _may("messages", "read", _QUERY, json=True),
    ("GET", "messaging:send"): _LOG,
    ("GET", "messaging:send-state"): _LOG,
    ("POST", "messaging:send-query"): _may("messages", "read", _QUERY, json=True),
    ("POST", "messaging:stop"): _SEND,
    ("POST", "messaging:retry-all"): _SEND,
    ("GET", "messaging:of-card"): _LOG,
    ("GET", "messaging:form"): _SEND,
    ("POST", "messaging:preview"): _may("messages", "create", _SEND_FORM),
    ("POST", "messaging:preview-frame"): _may("messages", "create", {"html": "<p>Hello</p>"}),
    ("POST", "messaging:begin"): _may("messages", "create", _SEND_FORM),
    ("GET", "messaging:templates"): _may("settings", "read", staff=True),
    ("GET", "messaging:template-new"): _may("settings", "update", staff=True),
    ("POST", "messaging:template-new"): _may("settings", "update", _TEMPLATE, staff=True),
    ("GET", "messaging:template"): _may("settings", "read", staff=True),
    ("POST", "messaging:template"): _may("settings", "update", {**_TEMPLATE, "version": "1"}, staff=True),
    ("POST", "messaging:template-reset"): _may("settings", "update", staff=True),
    ("POST", "messaging:template-delete"): _may("settings", "update", staff=True),
    ("POST", "messaging:template-preview"): _may("settings", "read", _TEMPLATE, staff=True),
    ("POST", "messaging:sms-status"): Door(OPEN, {"MessageSid": "SM1"}),
    ("GET", "health"): Door(OPEN),
    ("GET", "ready"): Door(OPEN),
    ("GET", "metrics"): Door(OPEN),
    ("GET", "script-texts"): Door(OPEN),
    ("GET", "docs"): Door(OWN),
    ("GET", "docs-page"): Door(OWN),
    ("GET", "api:openapi-json"): Door(OPEN),
    ("GET", "api:openapi-view"): Door(OPEN),
    ("GET", "api:api-root"): Door(OPEN),
}

_CARD = "/api/v1/customers/{customer_id}"
_CHANGE = "/api/v1/pending-changes/{n}"
_IMPORT = "/api/v1/imports/{import_id}"
_USER = "/api/v1/users/{user_id}"
_VIEW = "/api/v1/views/{view_id}"

OPERATIONS: dict[tuple[str, str], Door] = {
    ("GET", "/api/v1/customers"): _READ,
    ("POST", "/api/v1/customers"): _may("customers", "create", _NEW_CARD),
    ("POST", "/api/v1/customers/query"): _may("customers", "read", _QUERY),
    ("POST", "/api/v1/customers/export"): _may("customers", "read", {"format": "csv"}),
    ("POST", "/api/v1/customers/bulk-edit"): _may("customers", "update", _BULK),
    ("POST", "/api/v1/customers/bulk-delete"): _may("customers", "delete", {"selection": _ALL_CARDS}),
    ("POST", "/api/v1/customers/bulk-restore"): _may("customers", "delete", {"selection": _ALL_CARDS}),
    ("GET", "/api/v1/bulk-works"): _READ,
    ("GET", _WORK): _READ,
    ("GET", _WORK + "/results"): _READ,
    ("POST", _WORK + "/undo"): _UPDATE,
    ("GET", _CARD): _READ,
    ("PATCH", _CARD): _may("customers", "update", {"channels": 9}),
    ("DELETE", _CARD): _ARCHIVE,
    ("POST", f"{_CARD}/restore"): _ARCHIVE,
    ("GET", f"{_CARD}/contacts"): _may("contacts", "read"),
    ("POST", f"{_CARD}/contacts"): _may("contacts", "create", {"name": "Eve"}),
    ("GET", _CARD + "/contacts/{contact_id}"): _may("contacts", "read"),
    ("PATCH", _CARD + "/contacts/{contact_id}"): _may("contacts", "update", {"name": "Eve"}),
    ("DELETE", _CARD + "/contacts/{contact_id}"): _may("contacts", "delete"),
    ("GET", f"{_CARD}/notes"): _may("notes", "read"),
    ("POST", f"{_CARD}/notes"): _may("notes", "create", {"text": "x"}),
    ("GET", _CARD + "/notes/{note_id}"): _may("notes", "read"),
    ("PATCH", _CARD + "/notes/{note_id}"): _may("notes", "update", {"text": "x"}),
    ("DELETE", _CARD + "/notes/{note_id}"): _may("notes", "delete"),
    ("GET", f"{_CARD}/clis"): _READ,
    ("POST", f"{_CARD}/clis"): _may("customers", "update", {"cli": "442079460001", "reason": "x"}),
    ("GET", _CARD + "/clis/{cli_id}"): _READ,
    ("PATCH", _CARD + "/clis/{cli_id}"): _may("customers", "update", {"reason": "x"}),
    ("DELETE", _CARD + "/clis/{cli_id}"): _UPDATE,
    ("GET", f"{_CARD}/pending-changes"): _READ,
    ("POST", f"{_CARD}/pending-changes"): _may("customers", "update", {**_LATER, "changes": {"channels": 9}}),
    ("GET", _CARD + "/pending-changes/{n}"): _READ,
    ("DELETE", _CARD + "/pending-changes/{n}"): _UPDATE,
    ("POST", _CARD + "/pending-changes/{n}/run"): _may("customers", "update", {"override": True}),
    ("GET", f"{_CARD}/history"): _READ,
    ("GET", "/api/v1/pending-changes"): _READ,
    ("POST", "/api/v1/pending-changes"): _may(
        "customers", "create", {**_LATER, "action": "create", "data": _NEW_CARD}
    ),
    ("GET", _CHANGE): _READ,
    ("DELETE", _CHANGE): _UPDATE,
    ("POST", _CHANGE + "/run"): _may("customers", "update", {"override": True}),
    ("GET", "/api/v1/imports"): _may("uploads", "read"),
    ("POST", "/api/v1/imports"): _may("uploads", "create", "file"),
    ("GET", _IMPORT): _may("uploads", "read"),
    ("DELETE", _IMPORT): _may("uploads", "create"),
    ("POST", f"{_IMPORT}/check"): _may(
        "uploads", "create", {"mapping": {"1": "name"}, "constants": {"currency": "EUR"}}
    ),
    ("GET", f"{_IMPORT}/errors"): _may("uploads", "read"),
    ("GET", f"{_IMPORT}/errors.csv"): _may("uploads", "read"),
    ("POST", f"{_IMPORT}/apply"): _may("uploads", "create", {"rows": "good"}),
    ("POST", f"{_IMPORT}/undo"): _may("uploads", "delete"),
    ("GET", f"{_IMPORT}/left-alone"): _may("uploads", "read"),
    ("GET", "/api/v1/jobs/{job_id}"): _may("uploads", "read"),
    ("GET", "/api/v1/users"): _USERS,
    ("POST", "/api/v1/users"): _may("users", "create", {"username": "new", "groups": []}),
    ("GET", _USER): _USERS,
    ("PATCH", _USER): _may("users", "update", {"name": "Eve"}),
    ("GET", f"{_USER}/tokens"): _USERS,
    ("POST", f"{_USER}/tokens"): _may("users", "update", {}),
    ("DELETE", _USER + "/tokens/{token_id}"): _MANAGE,
    ("POST", f"{_USER}/hand-over"): _may("customers", "update", {"to": None}),
    ("GET", "/api/v1/groups"): _USERS,
    ("POST", "/api/v1/groups"): _may("users", "create", {"name": "x"}, staff=True),
    ("GET", "/api/v1/groups/{group_id}"): _USERS,
    ("PATCH", "/api/v1/groups/{group_id}"): _may("users", "update", {"name": "x"}, staff=True),
    ("DELETE", "/api/v1/groups/{group_id}"): _may("users", "delete", staff=True),
    ("GET", "/api/v1/resellers"): _USERS,
    ("POST", "/api/v1/resellers"): _may("users", "create", {"name": "x"}, staff=True),
    ("GET", "/api/v1/resellers/{reseller_id}"): _USERS,
    ("PATCH", "/api/v1/resellers/{reseller_id}"): _may("users", "update", {"name": "x"}, staff=True),
    ("GET", "/api/v1/audit"): _may("audit", "read", staff=True),
    ("GET", "/api/v1/messages"): _LOG,
    ("POST", "/api/v1/messages"): _may("messages", "create", _NEW_MESSAGE),
    ("GET", _MESSAGE): _LOG,
    ("GET", _MESSAGE + "/sent/{message_id}"): _LOG,
    ("POST", f"{_MESSAGE}/stop"): _SEND,
    ("POST", f"{_MESSAGE}/retry"): _may("messages", "create", {}),
    ("GET", _TEMPLATES): _LOG,
    ("POST", _TEMPLATES): _may("settings", "update", _TEMPLATE, staff=True),
    ("GET", _TEMPLATES + "/{template_id}"): _LOG,
    ("PATCH", _TEMPLATES + "/{template_id}"): _may("settings", "update", {"text": "Sorry!"}, staff=True),
    ("POST", _TEMPLATES + "/{template_id}/reset"): _may("settings", "update", staff=True),
    ("DELETE", _TEMPLATES + "/{template_id}"): _may("settings", "update", staff=True),
    ("GET", "/api/v1/settings"): _may("settings", "read", staff=True),
    ("PATCH", "/api/v1/settings"): _may("settings", "update", {"company.name": "Us"}, staff=True),
    ("POST", "/api/v1/settings/test-email"): _may("settings", "update", {"to": "a@b.example"}, staff=True),
    ("POST", "/api/v1/settings/test-sms"): _may("settings", "update", {"to": "+15005550006"}, staff=True),
    ("GET", "/api/v1/views"): Door(OWN),
    ("POST", "/api/v1/views"): _may("customers", "read", {"grid": "customers", "name": "Mine"}),
    ("GET", _VIEW): Door(OWN),
    ("PATCH", _VIEW): Door(OWN, {"default": True}),
    ("DELETE", _VIEW): Door(OWN),
}
