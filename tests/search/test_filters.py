"""Filters: what is written is what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civgen.errors import InvalidInput
from civgen.search.filters import All, Compare, Either, Exists, Filter, Has, Not, as_text, has, parse

FIELDS = st.sampled_from(["type", "versions.baseModel", "lastVersionAtUnix", "poi"])
VALUES = st.one_of(st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))
CONDITIONS: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Has, FIELDS, st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
    st.builds(Compare, FIELDS, st.sampled_from([">", ">=", "<", "<="]), st.integers()),
    st.builds(Exists, FIELDS),
)


def _deeper(of: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(of, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, of), st.builds(All, several), st.builds(Either, several))


@given(st.recursive(CONDITIONS, _deeper, max_leaves=8))
def test_what_is_written_is_read_as_the_same(filter_: Filter) -> None:
    assert parse(as_text(filter_)) == filter_


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("type = LORA", has("type", "LORA")),
        ("type != 'a b'", Not(has("type", "a b"))),
        ('type IN [LORA, "VAE"]', has("type", "LORA", "VAE")),
        ("type NOT IN [LORA]", Not(has("type", "LORA"))),
        ("poi NOT EXISTS", Not(Exists("poi"))),
        ("a = 1 or b = 2 and c = true", Either((has("a", 1), All((has("b", 2), has("c", True)))))),
        ("NOT a = 1", Not(has("a", 1))),
        ("(a = 1 OR b = 2) AND c >= 3", All((Either((has("a", 1), has("b", 2))), Compare("c", ">=", 3)))),
    ],
)
def test_the_grammar(text: str, means: Filter) -> None:
    assert parse(text) == means


@pytest.mark.parametrize(
    "text", ["", "type", "type =", "type IN [", "a = 1 b = 2", "(a = 1", "a > x", "a ~ 1"]
)
def test_what_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(InvalidInput, match="column"):
        parse(text)
