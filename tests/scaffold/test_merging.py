"""Two changes to one text: both are in, or nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civgen.scaffold.merging import merge

TEXT = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "x = 1\n"]), max_size=12).map("".join)
BASE = "one\ntwo\nthree\nfour\nfive\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [
        ("ONE\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nFIVE\n", "ONE\ntwo\nthree\nfour\nFIVE\n"),
        ("zero\n" + BASE, BASE + "six\n", "zero\n" + BASE + "six\n"),
        ("one\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\n", "one\nthree\nfour\n"),
        (BASE.replace("two", "2"), BASE.replace("two", "2"), BASE.replace("two", "2")),
        (BASE.replace("\n", "\r\n"), BASE + "six\n", (BASE + "six\n").replace("\n", "\r\n")),
    ],
)
def test_changes_in_different_places_are_both_made(ours, theirs, wanted):
    assert merge(BASE, ours, theirs).text == wanted


@pytest.mark.parametrize(
    ("ours", "theirs", "line"),
    [
        (BASE.replace("two", "2"), BASE.replace("two", "II"), 2),
        (BASE.replace("five\n", ""), BASE.replace("five", "5"), 5),
        (BASE + "ours\n", BASE + "theirs\n", 6),
    ],
)
def test_changes_in_one_place_are_a_conflict(ours, theirs, line):
    assert merge(BASE, ours, theirs).conflicts == (line,)
    assert merge(BASE, ours, theirs).text is None


@given(TEXT, TEXT)
def test_where_one_side_changed_nothing_the_other_stands(base, other):
    assert merge(base, base, other).text == other
    assert merge(base, other, base).text == other
    assert merge(base, other, other).text == other


@given(TEXT, TEXT, TEXT)
def test_no_line_of_ours_is_lost_and_the_sides_may_be_swapped(base, ours, theirs):
    merged, swapped = merge(base, ours, theirs), merge(base, theirs, ours)
    assert merged.text == swapped.text
    if merged.text is not None:
        for line in set(ours.splitlines()) - set(base.splitlines()):
            assert line in merged.text.splitlines()
