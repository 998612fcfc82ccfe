"""An engine as far as the contract alone can tell: its form, and where each value goes.

What a person must decide is left to them: labels, ranges narrower than the contract's, the price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.catalog import Catalog
from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.contract import Leaf
from civgen.scaffold.leaves import OPERATION
from civgen.scaffold.operations import Operation, in_order
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_fields import ITS_MODEL, part_of
from civgen.scaffold.sketch_merge import Choosing, merged
from civgen.scaffold.sketch_parts import Asked, Part
from civgen.scaffold.sketch_sizes import SIDES, sizes_part
from civgen.scaffold.sketch_sources import Sources, sources_of

#: What no form asks for: the platform decides it for everyone; or, as with samplers, a form calls it
#: by other names, and a person must say which.
_NOT_ASKED = frozenset({"enableSafetyChecker", "imageMetadata", "sampler", "scheduler"})
#: The order of a form: what others depend on comes first, what is typed comes last.
_FIRST = (
    ITS_MODEL,
    "priority",
    "outputFormat",
    "operation",
    "images",
    "video",
    "model",
    "resources",
    "aspectRatio",
)
_LAST = ("seed", "prompt", "negativePrompt", "quantity")


@dataclass(frozen=True)
class Sketch:
    """An engine that is to be written.

    Attributes:
        choosing: its operations, and how one is chosen.
        parts: the form's fields and what goes into the step, in order.
        sources: what each workflow key starts from.
        constants: what always goes into the step.
        left_out: properties of the contract that the form does not ask for.
        dropped: operations that no form could start.
    """

    choosing: Choosing
    parts: tuple[Part, ...]
    sources: Sources
    constants: Mapping[str, Any]
    left_out: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def leaf(self) -> Leaf:
        """The step input of its first operation."""
        return self.choosing.operations[0].leaf

    @property
    def workflows(self) -> tuple[str, ...]:
        """Workflow keys that it can carry out."""
        return self.choosing.workflows

    @property
    def options(self) -> list[str]:
        """What a version must say to the engine."""
        return [name for part in self.parts if part.asks for name in part.entries]

    @property
    def settings(self) -> dict[str, Any]:
        """Values other than the defaults, of fields that go into the first operation's step as they are."""
        taken = self.leaf.schema["properties"]
        return {part.key: part.other for part in self.parts if part.other is not None and part.key in taken}


def sketch_engine(operations: Sequence[Operation], media: str, catalog: Catalog) -> Sketch:
    """Sketch the engine for the operations of a model.

    Args:
        operations: those without workflow keys are left out.

    Raises:
        InvalidInput: every one of them requires what no field of a form can give; names each such property.
    """
    able, lacks = [], {}
    for one in operations:
        lacking = _lacking(one, catalog)
        if lacking or not one.workflows:
            lacks[one.name] = lacking
        else:
            able.append(one)
    if not able:
        raise _not_givable(operations, lacks)
    return _sketch(in_order(able, catalog), tuple(lacks), media, catalog)


def _sketch(
    operations: Sequence[Operation], dropped: tuple[str, ...], media: str, catalog: Catalog
) -> Sketch:
    choosing, sources = Choosing(tuple(operations)), sources_of(operations, catalog)
    constants = _shared(_constants(one.leaf) for one in operations)
    found = merged(_parts(operations, catalog), choosing) + sources.parts()
    shown = {part.key for part in found}
    if "model" not in shown:
        found.append(Part("model", Call("fields.model")))
    if media == "image":
        found.append(Part("priority", Call("fields.priority")))
    if choosing.by_field:
        chosen = {OPERATION: Raw(f'values["{OPERATION}"]')}
        found.append(Part(OPERATION, Call("fields.operation", (Raw("OPERATIONS"),)), chosen))
    given = {*sources.names, *(name for part in found for name in part.entries)}
    taken = dict.fromkeys(name for one in operations for name in one.leaf.schema["properties"])
    left_out = tuple(name for name in taken if name not in given | shown | constants.keys() | {OPERATION})
    return Sketch(choosing, tuple(sorted(found, key=_rank)), sources, constants, left_out, dropped)


def _parts(operations: Sequence[Operation], catalog: Catalog) -> dict[str, list[Part]]:
    """The parts of each operation but for its media; of several properties of one field, the first has it."""
    sized = [one.leaf for one in operations if one.leaf.schema["properties"].keys() >= set(SIDES)]
    sizes = sizes_part(sized, catalog)
    return {one.name: _parts_of(one, sizes if one.leaf in sized else None, catalog) for one in operations}


def _parts_of(operation: Operation, sizes: Part | None, catalog: Catalog) -> list[Part]:
    asked, found = Asked(operation.leaf, catalog), {sizes.key: sizes} if sizes else {}
    done = operation.media.names | _constants(operation.leaf).keys() | _NOT_ASKED
    for name in operation.leaf.schema["properties"]:
        if name not in done and not any(name in part.entries for part in found.values()):
            part = part_of(name, asked)
            if part is not None:
                found.setdefault(part.key, part)
    return list(found.values())


def _lacking(operation: Operation, catalog: Catalog) -> list[str]:
    """The properties that the contract requires and no field gives."""
    leaf = operation.leaf
    parts = _parts([operation], catalog)[operation.name]
    sources = sources_of([operation], catalog)
    given = {*_constants(leaf), *sources.names, *(name for part in parts for name in part.entries)}
    return [name for name in leaf.schema.get("required", ()) if name not in given]


def _constants(leaf: Leaf) -> dict[str, Any]:
    """What always stands there: the values of discriminators, and what has only one value."""
    found = {}
    for name, schema in leaf.schema["properties"].items():
        values = schema.get("enum", ())
        if name in leaf.discriminators or len(values) == 1:
            found[name] = leaf.discriminators.get(name, *values[:1])
    return found


def _shared(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What all of some mappings say."""
    first, *rest = found
    return {name: value for name, value in first.items() if all(one.get(name) == value for one in rest)}


def _rank(part: Part) -> int:
    if part.key in _FIRST:
        return _FIRST.index(part.key) - len(_FIRST)
    return _LAST.index(part.key) + 1 if part.key in _LAST else 0


def _not_givable(operations: Sequence[Operation], lacks: Mapping[str, list[str]]) -> InvalidInput:
    hint = "Choose another input with --set or --workflow, or write the engine by hand."
    schemas = {name: one.leaf.schema["properties"][name] for one in operations for name in lacks[one.name]}
    fault = "is required by the contract, and no field of a form gives it"
    problems = [Problem(name, fault, allowed=schema) for name, schema in schemas.items()]
    if problems:
        message = f"The contract requires {', '.join(schemas)}, which no field of a form gives."
    else:
        names = ", ".join(one.name for one in operations)
        message = f"No field of a form gives what {names} starts from."
        problems = [Problem("--set", message.rstrip("."), names)]
    return InvalidInput(message, hint=hint, details=problems)
