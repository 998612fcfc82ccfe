"""The platform's own database: what must be true of it for civgen to write, without altering anything.

Columns, types and rights are looked at before anything is read or written, so that all that is missing
is said at once.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ARRAY, Column, Connection, Text, bindparam, text
from sqlalchemy import Enum as EnumType

from civgen.db import own
from civgen.db.changes import Change, Create, Update
from civgen.db.tables import table
from civgen.errors import InvalidInput, NotAuthorised, Problem

#: Tables that say which models a change of the lists is about: they are read, and never written.
READ = {"ModelVersion": ("id", "modelId", "baseModel")}
#: Columns that are set with every row, where a table has them.
SET_ANYWAY = frozenset({"updatedAt", "createdAt"})

_COLUMNS = text(
    "SELECT t.name, a.attname, format_type(a.atttypid, NULL), a.attnotnull, "
    "a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' "
    "FROM unnest(:names) AS t(name) LEFT JOIN pg_attribute a "
    "ON a.attrelid = to_regclass(quote_ident(t.name)) AND a.attnum > 0 AND NOT a.attisdropped"
).bindparams(bindparam("names", type_=ARRAY(Text)))
_RIGHTS = text(
    "SELECT n.name, n.col, n.privilege FROM unnest(:names, :columns, :rights) AS n(name, col, privilege) "
    "WHERE NOT CASE WHEN n.col = '' "
    "THEN has_table_privilege(to_regclass(quote_ident(n.name)), n.privilege) "
    "ELSE has_column_privilege(to_regclass(quote_ident(n.name)), n.col, n.privilege) END"
).bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("names", "columns", "rights")))


@dataclass(frozen=True, slots=True)
class Found:
    """A column as the database has it; `is_needed`: not null, and nothing fills it in."""

    type: str
    is_needed: bool


_DATABASE = "database_privilege(current_database()"
Tables = Mapping[str, Mapping[str, Found]]
#: A right: table, column (nothing for all of it) and what it allows.
Right = tuple[str, str, str]


def look_at(connection: Connection, wanted: Mapping[str, Collection[str]]) -> Tables:
    """The columns of tables, each of which must have those that are wanted, in a fitting type.

    Raises:
        InvalidInput: a table or column is missing or of another type; with all of them.
        NotAuthorised: this user may not read them; with every right that is missing.
    """
    wanted = {**READ, **wanted}
    found: dict[str, dict[str, Found]] = {}
    for name, column, type_, is_not_null, is_filled in connection.execute(_COLUMNS, {"names": list(wanted)}):
        columns = found.setdefault(name, {})
        if column is not None:
            columns[column] = Found(type_, is_not_null and not is_filled)
    if problems := list(_misfits(found, wanted)):
        raise InvalidInput(
            f"The database is not the platform's as civgen knows it: {problems[0].field} "
            f"{problems[0].message}.",
            hint="Check the URL, and whether civgen is as new as the platform.",
            details=problems,
        )
    need(connection, [(name, column, "SELECT") for name, columns in wanted.items() for column in columns])
    return found


def unwritable(tables: Tables, change: Create) -> str | None:
    """Why a row cannot be created: a column that civgen does not know wants a value."""
    said = {*change.key, *change.values, *SET_ANYWAY}
    needed = [name for name, column in tables[change.table].items() if column.is_needed and name not in said]
    if not needed:
        return None
    names = ", ".join(f'"{name}"' for name in needed)
    return f"{names} must have a value there, and civgen knows of none"


def need_to_write(connection: Connection, changes: Iterable[Change]) -> None:
    """Make sure of every right that writing changes takes, and no other.

    Raises:
        NotAuthorised: with every right that is missing.
    """
    need(connection, sorted({right for change in changes for right in _rights(change)}))
    if own.state(connection) is own.State.NONE:
        place = f"schema_privilege('{own.SCHEMA}'" if own.has_schema(connection) else _DATABASE
        if not connection.exec_driver_sql(f"SELECT has_{place}, 'CREATE')").scalar_one():
            raise NotAuthorised(
                f"This user may not make tables in the schema {own.SCHEMA}, where civgen keeps its record.",
                hint=f"Have an administrator run: CREATE SCHEMA {own.SCHEMA} AUTHORIZATION the_user;",
            )


def need(connection: Connection, rights: Collection[Right]) -> None:
    """Make sure of rights.

    Raises:
        NotAuthorised: with every right that is missing.
    """
    if not rights:
        return
    names, columns, kinds = (list(part) for part in zip(*rights, strict=True))
    asked = {"names": names, "columns": columns, "rights": kinds}
    missing: dict[tuple[str, str], list[str]] = {}
    for name, column, kind in connection.execute(_RIGHTS, asked):
        missing.setdefault((name, kind), []).append(column)
    if missing:
        raise _without(missing)


def _without(missing: Mapping[tuple[str, str], list[str]]) -> NotAuthorised:
    problems = []
    for (name, kind), columns in missing.items():
        of = ", ".join(f'"{column}"' for column in columns if column)
        grant = f'GRANT {kind}{f" ({of})" if of else ""} ON "{name}" TO the_user;'
        problems.append(Problem(name, f"may not {kind}{f' {of}' if of else ''}", hint=grant))
    said = ", ".join(f'{kind} on "{name}"' for name, kind in missing)
    hint = " ".join(str(problem.hint) for problem in problems)
    return NotAuthorised(f"This user lacks rights: {said}.", hint=f"Have granted: {hint}", details=problems)


def _rights(change: Change) -> Iterator[Right]:
    if isinstance(change, Create):
        yield from ((change.table, name, "INSERT") for name in (*change.key, *change.values))
    elif isinstance(change, Update):
        yield from ((change.table, name, "UPDATE") for name in change.after)
    else:
        yield change.table, "", "DELETE"


def _misfits(found: Tables, wanted: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for name, columns in wanted.items():
        there = found[name]
        if not there:
            yield Problem(name, "is a table that is missing")
            continue
        for column in columns:
            said = there.get(column)
            if said is None:
                yield Problem(f"{name}.{column}", "is a column that is missing")
            elif not _fits(said.type, table(name).c[column]):
                yield Problem(
                    f"{name}.{column}",
                    "is of another type",
                    given=said.type,
                    allowed=_types(table(name).c[column]),
                )


def _fits(type_: str, column: Column[object]) -> bool:
    allowed = _types(column)
    return not allowed or type_.strip('"') in allowed


def _types(column: Column[object]) -> tuple[str, ...]:
    """What PostgreSQL may call the type of a column."""
    if isinstance(column.type, EnumType):
        return (str(column.type.name),)
    kind = column.type.python_type
    return {
        int: ("integer", "bigint", "smallint"),
        str: ("text", "citext", "character varying"),
        bool: ("boolean",),
    }.get(kind, ())
