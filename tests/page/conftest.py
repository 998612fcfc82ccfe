"""Pages of real ecosystems, and a browser to open them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from browser import Browser

from civgen.air import model_version_air
from civgen.jobs.page import Page, form_page
from civgen.jobs.platform import Platform


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    one = Browser()
    yield one
    one.close()


@pytest.fixture(scope="session")
def records(platform: Platform) -> Callable[[str], list[dict]]:
    """Resources of an ecosystem, as a database would know them: three of each type, and a checkpoint."""

    def of(key: str) -> list[dict]:
        ecosystem = platform.catalog.ecosystem(key)
        types = [
            kind for kind in ecosystem.support.generation for _ in range(1 if kind == "Checkpoint" else 3)
        ]
        base = ecosystem.base_models[0].name
        return [
            {
                "id": 9_000_000 + n,
                "type": kind,
                "air": model_version_air(ecosystem.air, kind, 7, 9_000_000 + n),
                "baseModel": base,
            }
            for n, kind in enumerate(types)
        ]

    return of


@pytest.fixture(scope="session")
def page_of(
    platform: Platform, records: Callable[[str], list[dict]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Page, Path]]:
    """The page of an ecosystem, made once, and its file."""
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def of(key: str) -> tuple[Page, Path]:
        page = form_page({"ecosystem": key}, platform, records(key))
        file = folder / f"{key}.html"
        file.write_text(page.html, encoding="utf-8")
        return page, file

    return of
