"""The database's own refusals: what was recorded cannot be changed or deleted, and nothing can be put in between.

They stop a mistaken or hurried statement of anyone who holds the database's ordinary door. The owner of the database can remove
them; the signed checkpoints expose what was then altered (docs/ledger.md).
"""

# ruff: noqa: S608 - the statements are made of the names below only.

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_ENTRY, _CHECKPOINT = "ledger_entry", "ledger_checkpoint"

# SQLite's INSERT OR REPLACE deletes the row in its way, and fires delete triggers only under `recursive_triggers`. The insert
# triggers refuse such a row whatever that setting is.
_SQLITE = {
    "ledger_entry_no_update": f"BEFORE UPDATE ON {_ENTRY} BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END",
    "ledger_entry_no_delete": f"BEFORE DELETE ON {_ENTRY} BEGIN SELECT RAISE(ABORT, 'the record cannot be deleted'); END",
    "ledger_entry_in_order": (
        f"BEFORE INSERT ON {_ENTRY} WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM {_ENTRY})"
        f" OR EXISTS (SELECT 1 FROM {_ENTRY} WHERE hash = NEW.hash)"
        f" OR NEW.previous_hash <> COALESCE((SELECT hash FROM {_ENTRY} ORDER BY sequence DESC LIMIT 1), '{'0' * 64}')"
        " BEGIN SELECT RAISE(ABORT, 'the record only grows at its end'); END"
    ),
    "ledger_checkpoint_no_update": (
        f"BEFORE UPDATE ON {_CHECKPOINT} BEGIN SELECT RAISE(ABORT, 'a checkpoint cannot be changed'); END"
    ),
    "ledger_checkpoint_no_delete": (
        f"BEFORE DELETE ON {_CHECKPOINT} BEGIN SELECT RAISE(ABORT, 'a checkpoint cannot be deleted'); END"
    ),
    "ledger_checkpoint_once": (
        f"BEFORE INSERT ON {_CHECKPOINT} WHEN EXISTS (SELECT 1 FROM {_CHECKPOINT} WHERE size = NEW.size)"
        " BEGIN SELECT RAISE(ABORT, 'a checkpoint cannot be replaced'); END"
    ),
}

_POSTGRES_FUNCTIONS = {
    "ledger_refuse": "BEGIN RAISE EXCEPTION '% on % is refused: the record cannot be altered', TG_OP, TG_TABLE_NAME; END",
    "ledger_in_order": (
        "DECLARE last_sequence bigint; last_hash varchar;"
        " BEGIN"
        f" SELECT sequence, hash INTO last_sequence, last_hash FROM {_ENTRY} ORDER BY sequence DESC LIMIT 1;"
        " IF NEW.sequence <> COALESCE(last_sequence, 0) + 1 OR NEW.previous_hash <> COALESCE(last_hash, repeat('0', 64)) THEN"
        " RAISE EXCEPTION 'the record only grows at its end'; END IF;"
        " RETURN NEW;"
        " END"
    ),
}
_POSTGRES = {
    **{
        f"{table}_no_{verb.lower()}": f"BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION ledger_refuse()"
        for table in (_ENTRY, _CHECKPOINT)
        for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"))
    },
    "ledger_entry_in_order": f"BEFORE INSERT ON {_ENTRY} FOR EACH ROW EXECUTE FUNCTION ledger_in_order()",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers (and on PostgreSQL their functions)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _POSTGRES_FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ {body} $body$"
                )
            for name, rest in _POSTGRES.items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")
        else:
            for name, rest in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration and for emptying a test database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in _POSTGRES:
                table = _CHECKPOINT if name.startswith(_CHECKPOINT) else _ENTRY
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        else:
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the guards that the database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()} & wanted(connection)


def wanted(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the guards that the database should hold."""
    return set(_POSTGRES if connection.vendor == "postgresql" else _SQLITE)


def forwards(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For the migration."""
    install(schema_editor.connection)


def backwards(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For undoing the migration."""
    remove(schema_editor.connection)
