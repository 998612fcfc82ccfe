"""The formats of files: one table a record, from the models that read them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from civgen.catalog import Catalog
from civgen.catalog.shelf import Shelf
from civgen.settings import Environment, Settings
from tools.docs.markdown import code, document, table, type_in_words

_ATTRIBUTES = re.compile(r"\n\s*Attributes:\n(?P<lines>(?:.+\n?|\n)+)")
_ONE = re.compile(r"^ {4}(?P<names>[\w, ]+): (?P<says>.+(?:\n {8}.+)*)", re.MULTILINE)


def pages() -> dict[str, str]:
    """One page."""
    shelves = sorted(Catalog().shelves.items())
    text = document(
        "# File formats",
        "TOML, one record a file. A key that is not listed here is refused with file and line. A file of a "
        "workspace with `override = true` is laid over the built-in one of the same name: tables key by "
        "key, arrays of tables entry by entry.",
        table(
            ("files", "are"),
            [*_kinds(shelves), ("`civgen.toml`", "[Settings](#settings): where the services are")],
        ),
        *_sections([*(shelf.model for _, shelf in shelves), Settings, Environment]),
    )
    return {"docs/reference/files.md": text}


def _kinds(shelves: list[tuple[str, Shelf[Any]]]) -> Iterator[tuple[str, str]]:
    for folder, shelf in shelves:
        name = shelf.model.__name__
        yield f"`{folder}/*.toml`", f"[{name}](#{name.lower()}): {_summary(shelf.model)}"


def _sections(models: list[type[BaseModel]]) -> Iterator[str]:
    """Each model once, with the models that it refers to."""
    done: set[str] = set()
    for model in models:
        schema = model.model_json_schema(by_alias=True)
        inner = {name: part for name, part in schema.get("$defs", {}).items() if "properties" in part}
        for name, part in [(model.__name__, schema), *inner.items()]:
            if name not in done:
                done.add(name)
                yield _section(name, part, part.get("description", ""))


def _section(name: str, schema: Mapping[str, Any], text: str) -> str:
    said = _attributes(text)
    rows = [
        (code(key), said.get(key), type_in_words(one), _default(key, one, schema))
        for key, one in schema["properties"].items()
    ]
    summary = _ATTRIBUTES.sub("", text + "\n")
    return document(f"## {name}", inspect.cleandoc(summary), table(("key", "is", "takes", "default"), rows))


def _attributes(text: str) -> dict[str, str]:
    """What a docstring says of each attribute."""
    found = _ATTRIBUTES.search(text + "\n")
    entries = _ONE.finditer(found["lines"] if found else "")
    return {
        name.strip(): " ".join(entry["says"].split())
        for entry in entries
        for name in entry["names"].split(",")
    }


def _default(key: str, one: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if key in schema.get("required", ()):
        return "required"
    value = one.get("default")
    return "" if value in (None, [], {}, False) else code(str(value).replace("'", '"'))


def _summary(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").partition("\n")[0]
