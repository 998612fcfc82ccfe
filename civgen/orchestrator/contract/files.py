"""A contract on disk: `index.json` and one file a leaf, read one by one and replaced all at once.

A leaf has one property a line, so that a change of the document reads as a change of its lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Where, display_path
from civgen.orchestrator.contract.openapi import PulledContract, Schema

BUILT_IN = Path(__file__).parent
INDEX, LEAVES = "index.json", "leaves"
#: What a pull owns of the folder; its other files (this code, the overlay) are left alone.
_OWNED = (LEAVES, INDEX)


def index_of(pulled: PulledContract) -> dict[str, Any]:
    """The content of `index.json`: the document, the body, a step's own keys, and the way to every leaf."""
    document = {
        "title": pulled.title,
        "version": pulled.version,
        "sha256": pulled.sha256,
        "date": pulled.date,
    }
    return {"document": document, "body": pulled.body, "step": pulled.step, "steps": dict(pulled.steps)}


def texts(pulled: PulledContract) -> dict[str, str]:
    """Every file of the contract: path relative to its folder -> text. The same for the same document."""
    index = json.dumps(index_of(pulled), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    return {INDEX: index} | {file: _lines(schema) for file, schema in sorted(pulled.leaves.items())}


def read_texts(folder: Path) -> dict[str, str]:
    """The files of the contract in `folder` as they stand; empty when there is none."""
    files = [folder / INDEX, *sorted((folder / LEAVES).rglob("*.json"))]
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.exists()
    }


def write(pulled: PulledContract, folder: Path) -> None:
    """Replace the contract in `folder`; when anything fails, the old one is back in place."""
    import tempfile

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".contract-", dir=folder) as staging:
        new, old = Path(staging, "new"), Path(staging, "old")
        old.mkdir()
        for file, text in texts(pulled).items():
            path = new / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        _swap(folder, new, old)


def read_index(folder: Path) -> dict[str, Any]:
    """The content of the `index.json` in `folder`.

    Raises:
        InvalidFile: there is none, or it is no contract's.
    """
    index = read_json(folder / INDEX)
    if missing := {"document", "body", "step", "steps"} - index.keys():
        raise _unusable(folder / INDEX, f"it has no {', '.join(sorted(missing))}")
    return index


def read_json(path: Path) -> dict[str, Any]:
    """Read one file of a contract.

    Raises:
        InvalidFile: it is missing, or no JSON object.
    """
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from None
    if not isinstance(value, dict):
        raise _unusable(path, "it is no JSON object")
    return value


def _swap(folder: Path, new: Path, old: Path) -> None:
    try:
        for name in _OWNED:
            if (folder / name).exists():
                (folder / name).rename(old / name)
            (new / name).rename(folder / name)
    except BaseException:
        for name in _OWNED:
            if (old / name).exists():
                _remove(folder / name)
                (old / name).rename(folder / name)
        raise


def _remove(path: Path) -> None:
    import shutil

    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _lines(schema: Schema) -> str:
    """JSON with one property of the schema a line."""
    lines = [
        f"{json.dumps(key)}:{_properties(value) if key == 'properties' else _compact(value)}"
        for key, value in sorted(schema.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _properties(properties: Mapping[str, Schema]) -> str:
    lines = [f" {json.dumps(name)}:{_compact(schema)}" for name, schema in sorted(properties.items())]
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _unusable(path: Path, reason: str) -> InvalidFile:
    return InvalidFile(
        f"The contract's {display_path(path)} cannot be used: {reason}.",
        hint="Make the contract again with `civgen contract pull --openapi FILE`.",
        where=Where(display_path(path)),
    )
