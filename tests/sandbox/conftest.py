"""Sandboxes that are closed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Asking, Clock

MakeSandbox = Callable[..., Asking]


@pytest.fixture
def make_sandbox() -> Iterator[MakeSandbox]:
    """Makes sandboxes, in memory unless a file is named; they share a clock unless one is given."""
    shared, opened = Clock(), []

    def make(file: Path | str = ":memory:", clock: Any = shared, **extra: Any) -> Asking:
        opened.append(Asking(file, clock, extra))
        return opened[-1]

    yield make
    for sandbox in opened:
        sandbox.close()


@pytest.fixture
def sandbox(make_sandbox: MakeSandbox) -> Asking:
    """A sandbox in memory that takes anybody."""
    return make_sandbox()
