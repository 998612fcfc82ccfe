"""A plan on disk: what `civgen db plan --out` writes and `civgen db apply FILE` reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civgen.db.changes import Create, Delete, Update
from civgen.db.plan import FORMAT_VERSION, Blocked, Plan
from civgen.db.scope import Scope
from civgen.errors import InvalidFile, Problem, Where, display_path
from civgen.tomlfile import dotted

_ANEW = "Make a plan with `civgen db plan --out FILE`."


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    format_version: Literal[2]
    fingerprint: str
    scope: Scope
    counts: dict[str, int]
    blocked: list[Blocked]
    leftover: int
    many: list[str]
    changes: list[Annotated[Create | Update | Delete, Field(discriminator="action")]]
    #: What `civgen db plan --json` says besides; it is no part of the plan.
    next: list[str] = []


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as JSON.

    Raises:
        InvalidFile: it cannot be written there.
    """
    text = json.dumps(plan.as_json(), indent=2, ensure_ascii=False)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise _invalid(path, f"cannot be written: {error.strerror}") from None


def read_plan(path: Path) -> Plan:
    """Read a plan that `write_plan` wrote.

    Raises:
        InvalidFile: it is no plan, one of another format, or was changed since.
    """
    try:
        document = _Document.model_validate_json(path.read_bytes())
    except OSError as error:
        raise _invalid(path, f"cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise _no_plan(path, error) from None
    plan = Plan(
        tuple(document.changes),
        document.scope,
        tuple(document.blocked),
        document.leftover,
        tuple(document.many),
    )
    if plan.fingerprint != document.fingerprint:
        raise _invalid(path, "was changed: it does not have the fingerprint it gives", hint=_ANEW)
    return plan


def _no_plan(path: Path, error: ValidationError) -> InvalidFile:
    where = Where(display_path(path))
    problems = [Problem(dotted(one["loc"]), one["msg"], where=where) for one in error.errors()]
    format_differs = any(problem.field == "format_version" for problem in problems)
    said = (
        f"is no plan of format {FORMAT_VERSION}" if format_differs else f"is no plan: {problems[0].message}"
    )
    return _invalid(path, said, problems, _ANEW)


def _invalid(path: Path, said: str, problems: Sequence[Problem] = (), hint: str | None = None) -> InvalidFile:
    name = display_path(path)
    return InvalidFile(f"{name} {said}.", hint=hint, where=Where(name), details=problems)
