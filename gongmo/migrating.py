"""A migration that makes all its tables from their last state, in a small part of the time.

Django renders every model that is related to a new one again after each operation: a hundred tables cost thousands of
classes. Where a migration only makes tables, nobody looks at the states between (docs/decisions/0186).
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
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
