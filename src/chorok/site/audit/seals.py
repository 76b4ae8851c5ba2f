"""Triggers by which the database itself refuses to change, replace or delete an event.

A migration that alters the table of events must put them on again: SQLite makes such a table anew.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "events of the audit are neither changed nor deleted"

_SQLITE = {
    # Replacing a row (INSERT OR REPLACE) fires no trigger for deletion, so it is refused where it begins.
    "audit_event_replace": "BEFORE INSERT ON audit_event WHEN EXISTS "
    "(SELECT 1 FROM audit_event WHERE seq = NEW.seq OR hash = NEW.hash)",
    "audit_event_update": "BEFORE UPDATE ON audit_event",
    "audit_event_delete": "BEFORE DELETE ON audit_event",
}
_POSTGRESQL = {
    "audit_event_change": "BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW",
    "audit_event_truncate": "BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT",
}
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_event_sealed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
"""


def put(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on."""
    lift(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            for name, when in _POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_event_sealed()")
        else:
            for name, when in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off: for a migration that alters the table, and for tests that empty it."""
    with connection.cursor() as cursor:
        for name in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            on = " ON audit_event" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
