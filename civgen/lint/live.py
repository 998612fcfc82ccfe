"""What the environment's database and search index say of versions and models, as grades ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from civgen.lint.grade import Numbers

if TYPE_CHECKING:
    from civgen.settings import Environment
    from civgen.workspace import Workspace


def covered_in(workspace: Workspace, environment: Environment) -> Numbers:
    """Asks the environment's database which versions may generate, if there is one."""
    from civgen.db.connect import existing_database
    from civgen.db.coverage import covered_among

    database = existing_database(environment, workspace.root) if workspace.root else None

    def ask(versions: Sequence[int]) -> set[int] | None:
        if database is None:
            return None
        with database.reading() as connection:
            return covered_among(connection, versions)

    return ask


def indexed_in(workspace: Workspace, environment: Environment) -> Numbers:
    """Asks the environment's search index which models it has as generating, if there is a workspace."""

    def ask(models: Sequence[int]) -> set[int] | None:
        from civgen.search.backends import open_backend
        from civgen.search.settings import models_index

        if workspace.root is None:
            return None
        backend = open_backend(environment, workspace.root, models_index())
        try:
            found = backend.fetch(list(models), ["id", "canGenerate"])
        finally:
            backend.close()
        return {number for number, one in found.items() if one.get("canGenerate")}

    return ask
