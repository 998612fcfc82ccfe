"""Lint: the static rules over many files, all rules over the built-in catalogue, and again after one edit.

The peer holds the same ecosystem files against the JSON Schema of an ecosystem: what any project can have
without a linter of its own.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.catalog import FILE
from benchmarks.measure import Row, in_turns, once

COUNT = 1000
PEER = "check-jsonschema on the ecosystem files"


def rows() -> Iterator[Row]:
    """Milliseconds of whole processes."""
    from civgen.catalog.files import BUILT_IN

    with tempfile.TemporaryDirectory() as name:
        many, plain = _workspace(Path(name, "many")), _workspace(Path(name, "plain"))
        for n in range(COUNT):
            text = FILE.format(n=n, id=100_000 + n, version=9_000_000 + n)
            (many / "ecosystems" / f"Eco{n}.toml").write_text(text)
        copies = Path(name, "copies")
        shutil.copytree(BUILT_IN / "ecosystems", copies)
        schema = _schema(Path(name, "ecosystem.json"))
        static = [*_lint(many), "--no-cache", "--ignore", "CIV3"]
        ours, theirs = in_turns([static, _peer(schema, many / "ecosystems")], runs=3)
        yield Row(f"lint, static, {COUNT} files", ours, PEER, theirs, "ms")
        ours, theirs = in_turns([[*_lint(plain), "--no-cache"], _peer(schema, copies)], runs=5)
        yield Row("lint, all, the catalogue", ours, PEER, theirs, "ms")
        yield Row("lint, all, after one edit", _after_an_edit(plain), PEER, theirs, "ms")


def _after_an_edit(root: Path, runs: int = 5) -> float:
    """The slowest of a few edits of a base model that brings a version and a form along."""
    taken = []
    for n in range(runs + 1):
        text = f"override = true\nform.steps.default = {20 + n}\n"
        (root / "ecosystems" / "Chroma.toml").write_text(text)
        taken.append(once(_lint(root)))
    return max(taken[1:])


def _lint(root: Path) -> list[str]:
    return [sys.executable, "-m", "civgen", "lint", "--workspace", str(root)]


def _peer(schema: Path, folder: Path) -> list[str]:
    tool = Path(sys.executable).with_name("check-jsonschema")
    return [str(tool), "--schemafile", str(schema), *map(str, sorted(folder.glob("*.toml")))]


def _workspace(root: Path) -> Path:
    (root / "ecosystems").mkdir(parents=True)
    (root / "civgen.toml").write_text('default = "local"\n')
    return root


def _schema(path: Path) -> Path:
    from civgen.catalog.records import Ecosystem

    path.write_text(json.dumps(Ecosystem.model_json_schema()))
    return path
