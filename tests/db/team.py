"""People at work on a workspace: they change files, look at the plan, apply it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from civgen.catalog import Catalog
from civgen.db.apply import Applied, apply_plan
from civgen.db.connect import Database, open_database
from civgen.db.ledger import owned_rows
from civgen.db.own import own_name
from civgen.db.plan import Plan
from civgen.db.planning import make_plan
from civgen.db.scope import Scope
from civgen.db.undo import undo, undo_plan
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

    def __init__(self, root: Path, url: str = "sqlite:///.civgen/local.db") -> None:
        self.root = root
        self.environment = Environment(database=url)
        self.settle()
        self.say()

    def settle(self) -> None:
        """Write the settings file."""
        text = f"[environments.local]\ndatabase = {self.environment.database!r}\n"
        (self.root / "civgen.toml").write_text(text)

    def say(self, **words: Any) -> None:
        """Write the ecosystem file."""
        (self.root / "ecosystems" / "Aurora.toml").write_text(ecosystem(**words))
        self.catalog = Catalog(self.root)

    def forget(self) -> None:
        """Take the ecosystem file away."""
        (self.root / "ecosystems" / "Aurora.toml").unlink()
        self.catalog = Catalog(self.root)

    @cached_property
    def database(self) -> Database:
        """Its database, opened on first use."""
        return open_database(self.environment, self.root)

    @property
    def on_sqlite(self) -> bool:
        return self.environment.database.startswith("sqlite")

    def own(self, name: str) -> str:
        """What one of civgen's own tables is called here."""
        return ".".join(filter(None, reversed(own_name("sqlite" if self.on_sqlite else "postgresql", name))))

    def plan(self, **scope: Any) -> Plan:
        with self.database.reading() as connection:
            return make_plan(connection, self.catalog, Scope(**scope))

    def apply(self, **scope: Any) -> Applied | None:
        return apply_plan(self.database, self.catalog, self.plan(**scope), allow_many=True)

    def rollback(self, number: int | None = None) -> Applied | None:
        with self.database.reading() as connection:
            past, plan = undo_plan(connection, number)
        return undo(self.database, past, plan)

    def run(self, sql: str, *values: Any) -> None:
        """Write to the database as somebody else does, without civgen's tables."""
        with self.database.writing() as connection:
            connection.exec_driver_sql(sql if self.on_sqlite else sql.replace("?", "%s"), values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows, with times as text."""
        with self.database.reading() as connection:
            return _rows(connection, sql)

    def owned(self) -> list[Any]:
        """Table, key and reason of every row that is civgen's own."""
        with self.database.reading() as connection:
            return sorted((*which, why) for which, why in owned_rows(connection).items())

    def everything(
        self, but: Sequence[str] = ("createdAt", "updatedAt", "lastVersionAt")
    ) -> dict[str, list[Any]]:
        """Every row of every table of the platform, without some columns."""
        from civgen.db.tables import Platform

        found = {}
        with self.database.reading() as connection:
            for table in Platform.metadata.sorted_tables:
                columns = ", ".join(f'"{column.name}"' for column in table.c if column.name not in but)
                rows = _rows(connection, f'SELECT {columns} FROM "{table.name}"')
                found[table.name] = sorted(rows, key=str)
        return found


def _rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    rows = connection.exec_driver_sql(sql).all()
    return [tuple(text_of(cell) if isinstance(cell, datetime) else cell for cell in row) for row in rows]


def text_of(at: datetime) -> str:
    """A time as SQLite has it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
