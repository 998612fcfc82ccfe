"""People at work on a workspace: they change files, look at the plan, apply it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.db.apply import Applied, apply_plan
from civgen.db.connect import Database, open_database
from civgen.db.plan import Plan, make_plan
from civgen.settings import Environment

HEAD = """
key = "Aurora"
id = 900
name = "Aurora"
description = "An ecosystem that only these tests know."
engine = "{engine}"
workflows = ["txt2img"]

[support]
generation = [{types}]
"""


def ecosystem(
    versions: Sequence[str] = ("id = 900001\nlabel = 'v1'",),
    base_models: Sequence[str] = ("id = 900\nname = 'Aurora'",),
    engine: str = "text-to-image",
    types: str = "'Checkpoint', 'LORA'",
) -> str:
    """The text of an ecosystem file."""
    tables = [f"[[base_models]]\n{one}\nmedia = 'image'\nlicense = 'Apache 2.0'\n" for one in base_models]
    tables += [f"[[versions]]\n{one}\n" for one in versions]
    return HEAD.format(engine=engine, types=types) + "\n".join(tables)


class Team:
    """One ecosystem file in a workspace, and the database of its environment `local`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.say()

    def say(self, **words: Any) -> None:
        """Write the ecosystem file."""
        (self.root / "ecosystems" / "Aurora.toml").write_text(ecosystem(**words))

    def forget(self) -> None:
        """Take the ecosystem file away."""
        (self.root / "ecosystems" / "Aurora.toml").unlink()

    @property
    def catalog(self) -> Catalog:
        return Catalog(self.root)

    @property
    def database(self) -> Database:
        return open_database(Environment(), self.root)

    def plan(self) -> Plan:
        with self.database.reading() as connection:
            return make_plan(connection, self.catalog)

    def apply(self) -> Applied | None:
        return apply_plan(self.database, self.catalog, self.plan())

    def run(self, sql: str, *values: Any) -> None:
        """Write to the database as somebody else does, without civgen."""
        with self.database.writing() as connection:
            connection.exec_driver_sql(sql, values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]
