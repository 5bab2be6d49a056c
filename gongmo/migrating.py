"""What our migrations are made of, beside Django's own operations, and whether a database is newer than this program.

The first migrations make all their tables from their last state, in a small part of the time. Django renders every model that is related to a new one again after each operation: a hundred tables cost thousands of
classes. Where a migration only makes tables, nobody looks at the states between (docs/decisions/0186).
"""

from collections.abc import Iterable

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class TablesMigration(Migration):
    """A migration of nothing but CreateModel: the models are rendered once, then each table is made.

    With any other operation among them it runs as a plain migration does.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Make the tables and return the state with them. As with Django's own, the state that was given is changed."""
        if collect_sql or not all(isinstance(each, CreateModel) for each in self.operations):
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        # A state that is not rendered yet takes in new models at no cost; it is rendered at the first look.
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


class SealRows(Operation):
    """Says that a table which is there derives from `ledger.rows.Sealed` from this release on: the rows that it holds are taken into the
    record by the upgrade. Without it they count as rows that no recorded act wrote."""

    reduces_to_sql = False
    reversible = True
    elidable = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The columns stay what they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """The table stays what it is."""

    database_backwards = database_forwards

    def describe(self) -> str:
        return f"Seal the rows of {self.name}"


def newer(recorded: Iterable[tuple[str, str]]) -> list[str]:
    """Of the migrations that a database records those that this program does not know ("app.name"): a newer version has changed it.

    A squashed migration names those that it replaces for as long as a database may name them.
    """
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    known.update(each for migration in loader.disk_migrations.values() for each in migration.replaces)
    return sorted(".".join(each) for each in set(recorded) - known)


def too_new(connection: BaseDatabaseWrapper) -> str:
    """The sentence for who starts this program on a database of a newer version; "" where it is not, or cannot be asked now."""
    try:
        unknown = newer(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return ""
    if not unknown:
        return ""
    return (
        f"데이터베이스가 이 프로그램보다 새로운 판입니다({unknown[0]}). 그 판의 프로그램으로 시작하거나, 올리기 전의 백업을 빈 곳에 "
        "되살려 주세요. 아무것도 바꾸지 않았습니다.\n"
        f"The database is of a newer version than this program ({unknown[0]}). Start the program of that version, or restore the "
        "backup made before the upgrade into an empty place. Nothing was changed."
    )
