"""A page costs what a page costs, however much there is beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asking import UNPRICED, Asking


def steps_of(sandbox: Asking, **params: object) -> int:
    """Steps of SQLite's machine that a page of ten takes."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    sandbox.store.db.set_progress_handler(count, 1)
    assert len(sandbox.listed(take=10, **params)) == 10
    sandbox.store.db.set_progress_handler(None, 0)
    return counted


def filled(sandbox: Asking, count: int) -> Asking:
    for n in range(count):
        sandbox.submit(UNPRICED, tags=["all", "rare"] if n < 10 else ["all"])
    return sandbox


@pytest.mark.parametrize("params", [{}, {"tags": ["all"]}, {"ascending": "true"}, {"tags": ["rare", "all"]}])
def test_a_page_takes_no_longer_when_there_is_more(
    make_sandbox: Callable[..., Asking], params: dict[str, object]
) -> None:
    few, many = (steps_of(filled(make_sandbox(), count), **params) for count in (20, 300))
    counting_a_tag = 300 * 10 if params.get("tags") else 0
    assert many < few * 1.5 + counting_a_tag


def test_the_last_page_takes_no_longer_than_the_first(make_sandbox: Callable[..., Asking]) -> None:
    sandbox = filled(make_sandbox(), 300)
    first = steps_of(sandbox)
    numbers = [row[0] for row in sandbox.store.db.execute("SELECT number FROM workflows ORDER BY number")]
    assert steps_of(sandbox, cursor=numbers[10]) < first * 1.5
