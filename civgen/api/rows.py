"""The rows that make the catalogue generatable: planned, applied, and what they let generate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civgen.errors import Refused

if TYPE_CHECKING:
    from civgen.api.workspace import Workspace
    from civgen.db.answers import Answer
    from civgen.db.apply import Applied
    from civgen.db.connect import Database
    from civgen.db.plan import Plan
    from civgen.db.scope import Scope
    from civgen.db.status import Status


class Db:
    """The database of a workspace's environment, made on first use where civgen may make one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def database(self) -> Database:
        """The database itself.

        Raises:
            InvalidInput, NotAuthorised, Unavailable: it cannot be used.
        """
        from civgen.db.connect import open_database

        return open_database(self._workspace.environment, self._workspace.home.required)

    def plan(self, scope: Scope | None = None) -> Plan:
        """What must change for the database to say what the catalogue says."""
        from civgen.db.planning import make_plan
        from civgen.db.scope import ALWAYS

        with self.database.reading() as connection:
            return make_plan(connection, self._workspace.catalog, scope or ALWAYS)

    def apply(self, plan: Plan, *, allow_many: bool = False) -> Applied | None:
        """Write a plan, all of it or nothing; None when there is nothing to write.

        Raises:
            Refused: the database or the catalogue has moved on, or many rows would go.
        """
        from civgen.db.apply import apply_plan

        return apply_plan(self.database, self._workspace.catalog, plan, allow_many=allow_many)

    def apply_as_seen(
        self, fingerprint: str, scope: Scope | None = None, *, allow_many: bool = False
    ) -> tuple[Plan, Applied | None]:
        """Write what is pending if it is the plan of that fingerprint, which somebody has looked at.

        Raises:
            Refused: as `apply`.
        """
        plan = self.plan(scope)
        if plan.fingerprint != fingerprint:
            raise Refused(
                "What is pending is not the plan of that fingerprint; nothing was written.",
                hint="The database or the catalogue has changed since, or the scope differs. Plan again.",
            )
        return plan, self.apply(plan, allow_many=allow_many)

    def status(self) -> Status:
        """What the database has, what of it may generate, and what is pending."""
        from civgen.db.status import status_of

        return status_of(self.database, self._workspace.catalog)

    def coverage(self, name: str | int) -> tuple[list[Answer], str]:
        """Whether versions may generate and what would help, and where the answer comes from.

        Args:
            name: number of a version, or an ecosystem in any spelling.

        Raises:
            NotFound: nobody knows it.
        """
        from civgen.catalog.names import ecosystem_named
        from civgen.db.answers import answer, answers_of, asked

        workspace, catalog = self._workspace, self._workspace.catalog
        number = int(name) if str(name).isdecimal() else None
        ecosystem = None if number is not None else ecosystem_named(catalog, str(name))
        with asked(workspace.environment, workspace.root, catalog) as (connection, place):
            if ecosystem is None:
                return [answer(connection, catalog, int(name))], place
            return answers_of(connection, catalog, ecosystem), place
