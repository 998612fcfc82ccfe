"""What is published for programs under docs/reference/schema is what the commands say of themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE = ROOT / "tools" / "docs" / "pages" / "schemas.py"


def test_what_is_published_is_current() -> None:
    spec = importlib.util.spec_from_file_location("published_schemas", MODULE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    wanted = {ROOT / name: text for name, text in module.pages().items()}
    there = {path: path.read_text("utf-8") for path in (ROOT / module.FOLDER).glob("*.json")}
    stale = [path.name for path in {*wanted, *there} if wanted.get(path) != there.get(path)]
    assert not stale, "`make docs` writes them anew"
