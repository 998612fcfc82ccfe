"""A layout: which module of a host has which data, under which names, in which style."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from civgen.scaffold.host.data import Row

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
#: Words that TypeScript keeps for itself: no module can declare them.
_RESERVED = frozenset(
    keyword
    for line in (
        "any arguments as async await boolean break case catch class const continue debugger default delete",
        "do else enum eval export extends false finally for function if implements import in instanceof",
        "interface let never new null number object package private protected public return static string",
        "super switch symbol this throw true try type typeof undefined unknown var void while with yield",
    )
    for keyword in line.split()
)


def _identifier(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name) or name in _RESERVED:
        raise ValueError("must be a name that TypeScript can declare")
    return name


def _module_path(path: str) -> str:
    parts = PurePosixPath(path).parts
    if path.startswith(("/", "~")) or "\\" in path or ":" in path or ".." in parts or path != "/".join(parts):
        raise ValueError("must be a path below --out, with / between its parts")
    if not path.endswith((".ts", ".mts", ".cts")) or path.endswith((".d.ts", ".d.mts", ".d.cts")):
        raise ValueError("must end with .ts, .mts or .cts")
    return path


Identifier = Annotated[str, AfterValidator(_identifier)]
ModulePath = Annotated[str, AfterValidator(_module_path)]
Value = str | int | float | bool


class Part(BaseModel):
    """Root of all parts: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Style(Part):
    """How TypeScript is written.

    Attributes:
        declare: `as-const` freezes the values into types of their own; `typed` declares an interface.
        names: how the keys become a type: a union, an enum, or a constant object with its union.
        indent: spaces, or `tab`.
        width: columns that a line may have before it is broken.
    """

    declare: Literal["as-const", "typed"] = "as-const"
    names: Literal["union", "enum", "object"] = "union"
    quotes: Literal["single", "double"] = "single"
    semicolons: bool = True
    trailing_commas: bool = True
    indent: Annotated[int, Field(ge=1, le=8)] | Literal["tab"] = 2
    width: int = Field(default=100, ge=40, le=1000)


class Export(Part):
    """One constant and its types.

    Attributes:
        data: the kind of data.
        name: of the constant.
        type: of the type of one row; `typed` needs it.
        names: of the type of the keys, if one is wanted.
        shape: a list of rows, or a record of them by key.
        key: the property that is the key; by default the one that no two rows share.
        fields: the properties that rows keep; by default all.
        where: values of properties, one of which a row must have.
    """

    data: str
    name: Identifier
    type: Identifier | None = None
    names: Identifier | None = None
    shape: Literal["list", "record"] = "list"
    key: str | None = None
    fields: list[str] | None = Field(default=None, min_length=1)
    where: dict[str, Value | list[Value]] = {}

    @property
    def declared(self) -> list[tuple[str, str]]:
        """The names that it declares, by what says them."""
        said = {"name": self.name, "type": self.type, "names": self.names}
        return [(key, name) for key, name in said.items() if name]

    def wants(self, row: Row) -> bool:
        """Whether a row is one of those asked for."""
        return all(set(each(row.get(name))) & set(each(some)) for name, some in self.where.items())


class Module(Part):
    """One file below `--out`."""

    path: ModulePath
    exports: list[Export] = Field(min_length=1)


class Layout(Part):
    """The whole file."""

    style: Style = Style()
    modules: list[Module] = Field(min_length=1)


def each(value: Any) -> list[Any]:
    """The values of a property that can be compared: those of a list, else the one."""
    some = value if isinstance(value, list) else [] if value is None else [value]
    return [one for one in some if isinstance(one, Value)]
