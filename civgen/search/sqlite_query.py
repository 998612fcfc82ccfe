"""A query as SQL over the embedded index."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from civgen.search.backends import Query
from civgen.search.filters import All, Compare, Either, Exists, Filter, Has, Not
from civgen.search.sqlite_rows import comparable

#: How much more a word weighs in one searchable attribute than in the next.
_WEIGHT = 10.0
_AMONG = "id IN (SELECT id FROM attributes WHERE field = ?"


def matching(query: Query) -> tuple[str, list[Any]]:
    """A query for the ids of all that matches, and its values."""
    parts: list[str] = []
    values: list[Any] = []
    if words := _words(query.words):
        parts.append("id IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(words)
    if query.filter is not None:
        text, more = _where(query.filter)
        parts.append(text)
        values.extend(more)
    return "SELECT id FROM documents" + (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def _words(text: str) -> str:
    """Every word must be there; the last may go on."""
    quoted = ['"' + word.replace('"', '""') + '"' for word in text.split()]
    return " ".join(quoted) + "*" if quoted else ""


def page(query: Query, settings: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """A query for the bodies of a page, and its values.

    What comes first: the query's own order, how well words fit, the index's rules.
    """
    ids, values = matching(query)
    source, fit = "documents", ""
    if words := _words(query.words):
        # Weighed once for all that matches; a sub-query for each row would look for the words each time.
        fit = f"bm25(words, {_weights(settings['searchableAttributes'])})"
        source = (
            f"(SELECT rowid AS hit, {fit} AS fit FROM words WHERE words MATCH ?) JOIN documents ON id = hit"
        )
        values.insert(0, words)
    terms: list[str] = []
    for rule in query.sort:
        _add_sort(rule, terms, values)
    terms += ["fit"] if fit else []
    for rule in settings.get("rankingRules", ()):
        if ":" in rule:
            _add_sort(rule, terms, values)
    first = ", ".join([*terms, "id"])
    select = f"SELECT body FROM {source} WHERE id IN ({ids}) ORDER BY {first} LIMIT ? OFFSET ?"
    return select, [*values, query.limit, query.offset]


def _weights(searchable: Sequence[str]) -> str:
    return ", ".join(str(_WEIGHT ** (len(searchable) - place)) for place in range(len(searchable)))


def _add_sort(rule: str, terms: list[str], values: list[Any]) -> None:
    name, _, direction = rule.rpartition(":")
    value = "(SELECT min(value) FROM attributes WHERE attributes.id = documents.id AND field = ?)"
    # What has no such value comes last either way.
    terms.append(f"{value} {'DESC' if direction == 'desc' else 'ASC'} NULLS LAST")
    values.append(name)


def counts(db: sqlite3.Connection, name: str, ids: str, values: list[Any]) -> dict[str, int]:
    """How often each value of a field occurs among what was found."""
    select = "SELECT min(shown), count(*) FROM attributes WHERE field = ? "
    select += f"AND shown IS NOT NULL AND id IN ({ids}) GROUP BY value ORDER BY 1"
    return {_shown(value): count for value, count in db.execute(select, [name, *values])}


def _shown(value: str) -> str:
    return value.lower() if value in ("True", "False") else value


def _where(filter_: Filter) -> tuple[str, list[Any]]:
    """A condition over the table of values, and its parameters."""
    match filter_:
        case Has(field, values):
            marks = ", ".join("?" * len(values))
            return f"{_AMONG} AND value IN ({marks}))", [field, *map(comparable, values)]
        case Compare(field, sign, value):
            return f"{_AMONG} AND typeof(value) != 'text' AND value {sign} ?)", [field, value]
        case Exists(field):
            return f"{_AMONG})", [field]
        case Not(one):
            text, said = _where(one)
            return f"NOT ({text})", said
        case All(of) | Either(of):
            parts = [_where(one) for one in of]
            sign = " AND " if isinstance(filter_, All) else " OR "
            return f"({sign.join(text for text, _ in parts)})", [one for _, said in parts for one in said]
