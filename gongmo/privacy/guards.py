"""The database's own refusals: a note of the access log cannot be changed, nor deleted within a year of its making.

The law asks for at least one or two years (docs/privacy.md); which of the two holds is a setting, and the database holds to the shorter.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLES = {"privacy_accessnote": "at", "privacy_accessbatch": "last_at"}
_DAYS = 365

_SQLITE = {
    **{
        f"{table}_no_update": f"BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'the access log cannot be changed'); END"
        for table in _TABLES
    },
    **{
        f"{table}_no_delete": (
            f"BEFORE DELETE ON {table} WHEN OLD.{column} > datetime('now', '-{_DAYS} days')"
            " BEGIN SELECT RAISE(ABORT, 'the access log is kept'); END"
        )
        for table, column in _TABLES.items()
    },
}
_FUNCTIONS = {
    "privacy_refuse": "BEGIN RAISE EXCEPTION '% on % is refused: the access log is kept', TG_OP, TG_TABLE_NAME; END",
    **{
        f"{table}_keep": (
            f"BEGIN IF OLD.{column} > now() - interval '{_DAYS} days' THEN"
            " RAISE EXCEPTION 'the access log is kept'; END IF; RETURN OLD; END"
        )
        for table, column in _TABLES.items()
    },
}
_POSTGRES = {
    name: rest
    for table in _TABLES
    for name, rest in (
        (f"{table}_no_update", f"BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION privacy_refuse()"),
        (f"{table}_no_delete", f"BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep()"),
        (
            f"{table}_no_truncate",
            f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse()",
        ),
    )
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers (and on PostgreSQL their functions)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _FUNCTIONS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ {body} $body$"
                )
        for name, rest in wanted(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} {rest}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration and for emptying a test database."""
    with connection.cursor() as cursor:
        for name in wanted(connection):
            table = name.rsplit("_no_", 1)[0]
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The guards that the database should hold, by name."""
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of guards that the database lacks."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return set(wanted(connection)) - {name for (name,) in cursor.fetchall()}


def forwards(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For the migration."""
    install(schema_editor.connection)


def backwards(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For undoing the migration."""
    remove(schema_editor.connection)
