"""A pytest plugin: tests that commit leave an empty database behind, within milliseconds.

Django truncates every table after such a test, and then makes its content types and permissions anew; most tables are
empty, though, and those two hold what the migrations put there. The templates that come with the program are made anew.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

_EMPTY_ALL = """
DO $$
DECLARE
    name text;
    is_filled boolean;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables
        WHERE schemaname = current_schema
            AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_filled;
        IF is_filled AND name = 'audit_entry' THEN
            ALTER TABLE audit_entry DISABLE TRIGGER USER;  -- its rows refuse to go
            TRUNCATE audit_entry;
            ALTER TABLE audit_entry ENABLE TRIGGER USER;
        ELSIF is_filled THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
END $$
"""


@pytest.fixture(scope="session", autouse=True)
def quick_cleaning() -> Iterator[None]:
    """Empty what is filled, instead of Django's flush."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _empty_all())
        yield


def _empty_all() -> None:
    from linecard.messaging.stock import make_stock_templates  # Django is set up only now

    with connection.cursor() as cursor:
        cursor.execute(_EMPTY_ALL)
    make_stock_templates(connection.alias)
