"""Every change to a card: one function each, in its own transaction, with its entry in the audit trail."""

from linecard.customers.actions.cards import (
    archive_customer,
    create_customer,
    restore_customer,
    update_customer,
)
from linecard.customers.actions.managers import hand_over_cards
from linecard.customers.actions.parts import (
    add_cli,
    add_contact,
    add_note,
    delete_cli,
    delete_contact,
    delete_note,
    update_cli,
    update_contact,
    update_note,
)
from linecard.customers.actions.pending import (
    apply_due_change,
    cancel_change,
    plan_bulk_edit,
    plan_change,
    plan_new_card,
    run_change,
)
from linecard.customers.actions.whole import (
    create_customer_with_parts,
    plan_change_with_note,
    update_customer_with_note,
)

__all__ = [
    "add_cli",
    "add_contact",
    "add_note",
    "apply_due_change",
    "archive_customer",
    "cancel_change",
    "create_customer",
    "create_customer_with_parts",
    "delete_cli",
    "delete_contact",
    "delete_note",
    "hand_over_cards",
    "plan_bulk_edit",
    "plan_change",
    "plan_change_with_note",
    "plan_new_card",
    "restore_customer",
    "run_change",
    "update_cli",
    "update_contact",
    "update_customer",
    "update_customer_with_note",
    "update_note",
]
