"""The environment's database: whether it answers, and what it is. Nothing is made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.cli.doctor.finding import Finding, from_error, note, ok
from civgen.cli.doctor.scene import Scene, in_time
from civgen.errors import InvalidInput

if TYPE_CHECKING:
    from civgen.settings import Environment

ORDER = 50


def check(scene: Scene) -> Iterator[Finding]:
    """Whether it answers, and whether its tables are there."""
    from civgen.db.connect import database_of

    environment, root, where = scene.environment, scene.root, scene.setting("database")
    if environment is None or root is None:
        return
    try:
        named = database_of(environment, root)
    except Exception as error:
        yield from from_error(error, where)
        return
    try:
        yield in_time(named.place, lambda: _look(environment, root, named.place))
    except Exception as error:
        # What is no database of civgen's can stay: another file in its place is made on first use.
        file = shlex.quote(named.place) if named.file and isinstance(error, InvalidInput) else None
        yield from from_error(error, where, file and f"mv {file} {file}.away")


def _look(environment: Environment, root: Path, place: str) -> Finding:
    from civgen.db import own, schema
    from civgen.db.connect import existing_database

    database = existing_database(environment, root)
    if database is None:
        return note(f"{place} is not made yet", "civgen db plan")
    with database.reading() as connection:
        adopted = schema.is_adopted(connection)
        state = own.state(connection)
    whose = "the platform's own tables" if adopted else "made by civgen"
    if state is own.State.CURRENT:
        return ok(f"{place} answers: {whose}")
    return note(f"{place} answers: {whose}; what civgen notes there is not set up yet", "civgen db plan")
