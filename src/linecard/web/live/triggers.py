"""What a migration adds to a table whose rows a grid shows."""

from django.db.migrations.operations import RunSQL

# After what, and the transition tables of it that live_announce_rows() reads.
_TRIGGERS = {
    "new": ("INSERT", "NEW TABLE AS after"),
    "changed": ("UPDATE", "OLD TABLE AS before NEW TABLE AS after"),
    "gone": ("DELETE", "OLD TABLE AS before"),
}


def announce_rows(table: str, *, grid: str, function: str = "live_announce_rows") -> RunSQL:
    """Tell pages that show ``grid`` of every row of ``table`` that is made, changed or taken away, by any statement.

    The table has columns ``id`` and ``reseller_id``, or ``function`` is one that knows better whose its rows are. The
    migration depends on ``("web", "0003_live_announce")``.
    """
    forward, back = [], []
    for name, (event, transitions) in _TRIGGERS.items():
        forward.append(
            f"CREATE TRIGGER {table}_announce_{name} AFTER {event} ON {table} REFERENCING {transitions}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}('{grid}')"
        )
        back.append(f"DROP TRIGGER {table}_announce_{name} ON {table}")
    return RunSQL("; ".join(forward), "; ".join(back))


def announce_many(table: str, *, grid: str, events: str = "INSERT OR UPDATE OR DELETE") -> RunSQL:
    """Tell staff's pages that show ``grid`` that there are changes, and not which rows, after statements on ``table``.

    For rows that no reseller sees, and for tables of which a grid counts rows. The migration depends on
    ``("web", "0004_live_announce_many")``.
    """
    trigger = f"{table}_announces_{grid}"
    return RunSQL(
        f"CREATE TRIGGER {trigger} AFTER {events} ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION live_announce_many('{grid}')",
        f"DROP TRIGGER {trigger} ON {table}",
    )
