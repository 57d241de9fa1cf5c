"""Many new tables in one step of a migration.

Django renders the models of all apps anew after each single operation, and a portal has some two
hundred of them that hang together: forty new tables took half a minute. Here they are rendered
once. Inside stand plain operations, so a migration that ``makemigrations`` wrote needs nothing but
this around them.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model


class NewTables(Operation):
    """Create models, with the fields, indexes and constraints that are added to them at once.

    Every operation but ``CreateModel`` has to concern a model that is created here: its table is
    made as it stands after all of them.

    Raises:
        ValueError: an operation concerns another model, or none.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)
        created = {
            operation.name_lower for operation in operations if isinstance(operation, CreateModel)
        }
        for operation in operations:
            # Of a field, of an index, of the model as a whole.
            name: str = getattr(operation, "model_name", getattr(operation, "name", ""))
            if not isinstance(operation, CreateModel) and name.lower() not in created:
                raise ValueError(f"{operation.describe()}: this model is not created here")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__qualname__, [], {"operations": self.operations})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in self._models(app_label, to_state):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in reversed(self._models(app_label, from_state)):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def references_model(self, name: str, app_label: str) -> bool:
        return any(operation.references_model(name, app_label) for operation in self.operations)

    def describe(self) -> str:
        return "Create " + ", ".join(
            operation.name for operation in self.operations if isinstance(operation, CreateModel)
        )

    def _models(self, app_label: str, state: ProjectState) -> list[type[Model]]:
        apps = cast(Apps, state.apps)
        return [
            apps.get_model(app_label, operation.name)
            for operation in self.operations
            if isinstance(operation, CreateModel)
        ]
