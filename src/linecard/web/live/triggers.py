"""What a migration adds to a table whose rows a grid shows."""

from django.db.migrations.operations import RunSQL

# After what, and the transition tables of it that live_announce_rows() reads.
_TRIGGERS = {
    "new": ("INSERT", "NEW TABLE AS after"),
    "changed": ("UPDATE", "OLD TABLE AS before NEW TABLE AS after"),
    "gone": ("DELETE", "OLD TABLE AS before"),
}


def announce_rows(table: str, *, grid: str) -> RunSQL:
    """Tell pages that show ``grid`` of every row of ``table`` that is made, changed or taken away, by any statement.

    The table has columns ``id`` and ``reseller_id``. The migration depends on ``("web", "0003_live_announce")``.
    """
    forward, back = [], []
    for name, (event, transitions) in _TRIGGERS.items():
        forward.append(
            f"CREATE TRIGGER {table}_announce_{name} AFTER {event} ON {table} REFERENCING {transitions}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION live_announce_rows('{grid}')"
        )
        back.append(f"DROP TRIGGER {table}_announce_{name} ON {table}")
    return RunSQL("; ".join(forward), "; ".join(back))
