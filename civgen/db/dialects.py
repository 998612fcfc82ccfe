"""Where SQLite and PostgreSQL differ: column types, defaults, and tests on values.

The types have the platform's form on PostgreSQL and one of equal meaning on SQLite. The tests are
SQL elements that a database must have a form for: one without refuses to compile.

Imports SQLAlchemy, so import this module inside the function that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Enum,
    Integer,
    String,
    Text,
    bindparam,
    cast,
    false,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine

from civgen.db.changes import to_json

#: Text that compares without case; on SQLite only for ASCII.
CITEXT: TypeEngine[str] = Text(collation="NOCASE").with_variant(postgresql.CITEXT(), "postgresql")
#: UTC by convention, without a zone, to the millisecond.
TIMESTAMP: TypeEngine[Any] = DateTime().with_variant(postgresql.TIMESTAMP(precision=3), "postgresql")
#: `timestamptz`.
TIMESTAMP_WITH_ZONE: TypeEngine[Any] = DateTime(timezone=True)
JSONB: TypeEngine[Any] = JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


class Json(TypeDecorator[Any]):
    """JSON in a column of civgen's own; it can be written out in a statement, too."""

    impl = JSON
    cache_ok = True

    def process_literal_param(self, value: Any, dialect: Dialect) -> str:
        """The value as text between quotes."""
        quoted = String().literal_processor(dialect)  # type: ignore[no-untyped-call]
        return quoted(to_json(value)) if quoted else ""


def enum(name: str, *labels: str) -> Enum:
    """One of `labels`: a type of that name on PostgreSQL, a check on SQLite."""
    return Enum(*labels, name=name, create_constraint=True)


def array(item: TypeEngine[Any]) -> TypeEngine[Any]:
    """A list of `item`: an array on PostgreSQL, JSON on SQLite."""
    return JSON(none_as_null=True).with_variant(postgresql.ARRAY(item), "postgresql")


def default(value: Any) -> Any:
    """What a column's `DEFAULT` says for a Python value."""
    if isinstance(value, bool):
        return true() if value else false()
    if isinstance(value, list):
        return _List(value)
    if isinstance(value, int):
        return text(str(value))
    return json.dumps(value) if isinstance(value, dict) else value


class _List(FunctionElement[Any]):
    """A list of words as a literal."""

    inherit_cache = False

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.words = list(words)


@compiles(_List, "sqlite")
def _list_in_sqlite(element: _List, compiler: SQLCompiler, **_: Any) -> str:
    return compiler.render_literal_value(json.dumps(element.words), String())


@compiles(_List, "postgresql")
def _list_in_postgresql(element: _List, compiler: SQLCompiler, **_: Any) -> str:
    return compiler.render_literal_value("{" + ",".join(element.words) + "}", String())


def numbers(dialect: str, values: Sequence[int]) -> TableValuedAlias:
    """Numbers as a table with the one column `value`; all of them travel in one parameter."""
    if dialect == "sqlite":
        return func.json_each(literal(json.dumps(list(values)), String())).table_valued("value")
    return func.unnest(_array(list(values), Integer())).table_valued("value").render_derived()


class _Test(FunctionElement[bool]):
    """Something that is true or false, in parentheses of its own.

    SQLAlchemy would ask SQLite whether it is 1, and then no index is used for it.
    """

    type = Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - SQLAlchemy's own word
        return self


class overlaps(_Test):  # noqa: N801 - reads as the function it is
    """`overlaps(array, words)`: whether an array holds at least one of `words`."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], words: Sequence[str]) -> None:
        super().__init__(column)
        self.words = list(words)


@compiles(overlaps, "sqlite")
def _overlaps_in_sqlite(element: overlaps, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    each = func.json_each(column).table_valued("value")
    found = select(literal(1)).select_from(each).where(each.c.value.in_(element.words)).exists()
    return f"({compiler.process(found, **options)})"


@compiles(overlaps, "postgresql")
def _overlaps_in_postgresql(element: overlaps, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    words = cast(postgresql.array([literal(word, Text()) for word in element.words]), column.type)
    return f"({compiler.process(column.bool_op('&&')(words), **options)})"


class has_key(_Test):  # noqa: N801
    """`has_key(object, key)`: whether a JSON object has a key, be its value JSON's null."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], key: str) -> None:
        super().__init__(column)
        self.key = key


@compiles(has_key, "sqlite")
def _has_key_in_sqlite(element: has_key, compiler: SQLCompiler, **options: Any) -> str:
    # json_type answers the text 'null' for JSON's null, and NULL only where there is nothing.
    (column,) = element.clauses
    found = func.json_type(column, f"$.{element.key}").is_not(None)
    return f"({compiler.process(found, **options)})"


@compiles(has_key, "postgresql")
def _has_key_in_postgresql(element: has_key, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    return compiler.process(func.jsonb_exists(column, literal(element.key, Text())), **options)


class among(_Test):  # noqa: N801
    """`among(column, values)`: whether a column has one of any number of values.

    All of them travel in one parameter, so no limit on parameters applies.
    """

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], values: Sequence[Any]) -> None:
        super().__init__(column)
        self.values = list(values)


@compiles(among, "sqlite")
def _among_in_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    each = func.json_each(bindparam(None, json.dumps(element.values), String())).table_valued("value")
    return f"({compiler.process(column.in_(select(each.c.value)), **options)})"


@compiles(among, "postgresql")
def _among_in_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    of = Text() if isinstance(column.type, String) else column.type
    # As a query, since the array would be read anew for every row of the table.
    values = select(func.unnest(_array(element.values, of)))
    return f"({compiler.process(column.in_(values), **options)})"


def _array(values: Sequence[Any], of: TypeEngine[Any]) -> ColumnElement[Any]:
    """An array in the server's own notation: many values are written faster than a driver adapts them."""
    text = ",".join(_quoted(one) if isinstance(one, str) else str(one) for one in values)
    return cast(literal(f"{{{text}}}", Text()), postgresql.ARRAY(of))


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class same(_Test):  # noqa: N801
    """`same(column, value)`: whether a column has a value, where null is a value like others."""

    inherit_cache = True


@compiles(same, "sqlite")
def _same_in_sqlite(element: same, compiler: SQLCompiler, **options: Any) -> str:
    # SQLAlchemy's own form of it forgets that values are to be written out.
    return f"({' IS '.join(compiler.process(one, **options) for one in element.clauses)})"


@compiles(same, "postgresql")
def _same_in_postgresql(element: same, compiler: SQLCompiler, **options: Any) -> str:
    return f"({' IS NOT DISTINCT FROM '.join(compiler.process(one, **options) for one in element.clauses)})"
