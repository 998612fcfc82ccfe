"""What the tests of lint share: a workspace from a few files, and its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from civgen.lint.report import Report
from civgen.lint.runner import Options, lint
from civgen.workspace import Workspace


@pytest.fixture
def check(workspace: Path) -> Callable[..., Report]:
    """Write files into the workspace, and lint it: `check({"sizes/poster.toml": "…"}, "CIV204")`."""

    def _check(files: Mapping[str, str], *select: str) -> Report:
        for name, text in files.items():
            path = workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return lint(Workspace(workspace), Options(select), paths=[workspace])

    return _check
