"""An engine as far as the contract alone can tell: its form, and where each value goes.

What a person must decide is left to them: labels, ranges narrower than the contract's, the price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.catalog import Catalog
from civgen.catalog.records import Workflow
from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.contract import Contract, Leaf
from civgen.scaffold.leaves import others
from civgen.scaffold.pythontext import Call
from civgen.scaffold.sketch_fields import Asked, Part, part_of
from civgen.scaffold.sketch_sizes import sizes_part

#: What no form asks for: the platform decides it for everyone; or, as with samplers, a form calls it
#: by other names, and a person must say which.
_NOT_ASKED = frozenset({"enableSafetyChecker", "imageMetadata", "sampler", "scheduler"})
#: The order of a form: what others depend on comes first, what is typed comes last.
_FIRST = ("priority", "outputFormat", "images", "model", "resources", "aspectRatio")
_LAST = ("seed", "prompt", "negativePrompt", "quantity")
#: Properties that carry a medium into a step.
_MEDIA_IN = {"image": ("images", "image", "sourceImage"), "video": ("videoUrl", "sourceVideo")}
#: How the names of such properties end, of which no form may know.
_IMAGES_IN = ("image", "images", "frame")
#: The discriminator that tells inputs of one model apart.
_OPERATION = "operation"


@dataclass(frozen=True)
class Sketch:
    """An engine that is to be written.

    Attributes:
        workflows: workflow keys that its step can carry out.
        parts: the form's fields and what goes into the step, in order.
        constants: what always goes into the step.
        left_out: properties of the contract that the form does not ask for.
    """

    leaf: Leaf
    workflows: tuple[str, ...]
    parts: tuple[Part, ...]
    constants: Mapping[str, Any]
    left_out: tuple[str, ...]

    @property
    def settings(self) -> dict[str, Any]:
        """Values other than the defaults, of the fields that go into the step as they are."""
        return {part.key: part.other for part in self.parts if part.other is not None}


def sketch_engine(leaf: Leaf, media: str, workflows: Sequence[str], catalog: Catalog) -> Sketch:
    """Sketch the engine for a step input.

    Raises:
        InvalidInput: the contract requires what no field of a form can give; names each such property.
    """
    asked = Asked(leaf, tuple(workflows), catalog)
    properties = leaf.schema["properties"]
    constants = {name: value for name in properties if (value := _constant(asked, name)) is not None}
    parts = _parts(asked, media, constants.keys() | _NOT_ASKED)
    given = {*constants, *(name for part in parts for name in part.entries)}
    if missing := [name for name in leaf.schema.get("required", ()) if name not in given]:
        raise _not_givable(asked, missing)
    shown = {part.key for part in parts}
    left_out = tuple(name for name in properties if name not in given | shown)
    return Sketch(leaf, asked.workflows, tuple(parts), constants, left_out)


def default_workflows(contract: Contract, leaf: Leaf, media: str, catalog: Catalog) -> list[str]:
    """The workflow keys that a step input suggests by the media it takes.

    One that may take images serves both with and without, unless its engine has another for the latter.
    """
    records = [one for one in catalog.workflows.records if one.output == media]
    plain = next(one for one in records if one.source is None and ":" not in one.key)
    if _takes(leaf, "video") == "required":
        return [one.key for one in records if one.source == "video"][:1]
    taken = _takes(leaf, "image")
    if taken is None:
        return [plain.key]
    from_image = _from_image(plain, records)
    has_plain_twin = any(_is_twin(leaf, one) and not _is_given_images(one) for one in others(contract, leaf))
    return [from_image] if taken == "required" or has_plain_twin else [plain.key, from_image]


def _parts(asked: Asked, media: str, done: set[str]) -> list[Part]:
    """One part a field; of several properties that one field would fill, the first has it."""
    found = {part.key: part for part in sizes_part(asked)}
    for name in asked.leaf.schema["properties"]:
        if name not in done and not any(name in part.entries for part in found.values()):
            part = part_of(name, asked)
            if part is not None:
                found.setdefault(part.key, part)
    found.setdefault("model", Part("model", Call("fields.model")))
    if media == "image":
        found["priority"] = Part("priority", Call("fields.priority"))
    return sorted(found.values(), key=_rank)


def _constant(asked: Asked, name: str) -> Any:
    """What always stands there: a discriminator's value, or the only one that the contract takes."""
    if name in asked.leaf.discriminators:
        return asked.leaf.discriminators[name]
    values = asked.schema(name).get("enum", ())
    return values[0] if len(values) == 1 and asked.requires(name) else None


def _rank(part: Part) -> int:
    if part.key in _FIRST:
        return _FIRST.index(part.key) - len(_FIRST)
    return _LAST.index(part.key) + 1 if part.key in _LAST else 0


def _takes(leaf: Leaf, medium: str) -> str | None:
    """Whether a medium is `required`, `optional`, or not taken (None)."""
    names = [name for name in _MEDIA_IN[medium] if name in leaf.schema["properties"]]
    required = set(names) & set(leaf.schema.get("required", ()))
    return "required" if required else "optional" if names else None


def _is_given_images(leaf: Leaf) -> bool:
    """Whether some property carries an image, be it one that no form can give yet."""
    return any(name.lower().endswith(_IMAGES_IN) for name in leaf.schema["properties"])


def _is_twin(leaf: Leaf, other: Leaf) -> bool:
    """Whether two step inputs differ in their operation only."""
    mine, its = ({**one.discriminators} for one in (leaf, other))
    return mine.pop(_OPERATION, None) is not None and its.pop(_OPERATION, None) is not None and mine == its


def _from_image(plain: Workflow, records: Sequence[Workflow]) -> str:
    """The workflow key for when images come along."""
    if plain.with_images:
        return plain.with_images
    return next(one.key for one in records if one.without_source == plain.key and ":" not in one.key)


def _not_givable(asked: Asked, missing: Sequence[str]) -> InvalidInput:
    problems = [
        Problem(
            name, "is required by the contract, and no field of a form gives it", allowed=asked.schema(name)
        )
        for name in missing
    ]
    message = f"The contract requires {', '.join(missing)}, which no field of a form gives."
    hint = "Choose another input with --set or --workflow, or write the engine by hand."
    return InvalidInput(message, hint=hint, details=problems)
