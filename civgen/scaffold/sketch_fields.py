"""From a property of a step input to a field of a form: one rule a kind of property.

Keys of fields are the platform's names, which are the orchestrator's but for a few. A property that no
rule can turn into a field is left out, and the sketch says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from civgen.catalog import Catalog
from civgen.orchestrator.contract import Leaf
from civgen.scaffold.pythontext import Call, Raw

#: What the orchestrator calls differently from the platform's forms: its name -> key and label.
_PLATFORM_NAMES = {"guidanceScale": ("cfgScale", "Guidance"), "numInferenceSteps": ("steps", "Steps")}
#: Longest prompt and highest seed of the platform's own fields; see `civgen.engines.fields`.
_PROMPT, _SEED = 6000, 4294967295
_INT32 = 2147483647
_UNITS = {"duration": "s"}
#: Steps of a slider, the coarsest that fits wins.
_STEPS = (1, 0.5, 0.1, 0.05, 0.01)
#: Positions of a slider below which its step is too coarse to be of use.
_POSITIONS = 10
_CHECKPOINT = "resources.checkpoint.air if resources.checkpoint else None"


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the form and what becomes of its value.

    Attributes:
        key: the field's key; for a part without a field, any name that no field has.
        shown: the declaration of the field.
        entries: what goes into the step: code by property.
        before: a statement that the entries need.
        other: a value that is not its default, if it goes into the step as it is, under the same name.
    """

    key: str
    shown: Call | None = None
    entries: Mapping[str, Raw] = field(default_factory=dict)
    before: str | None = None
    other: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The step input that is turned into a form, and for which workflow keys."""

    leaf: Leaf
    workflows: tuple[str, ...]
    catalog: Catalog

    def schema(self, name: str) -> Mapping[str, Any]:
        """The schema of a property."""
        schema: Mapping[str, Any] = self.leaf.schema["properties"][name]
        return schema

    def requires(self, name: str) -> bool:
        """Whether the contract requires a property."""
        return name in self.leaf.schema.get("required", ())

    @property
    def from_images(self) -> list[str]:
        """Those of the workflow keys that start from images."""
        return [key for key in self.workflows if self.catalog.workflows[key].record.source == "image"]


def part_of(name: str, asked: Asked) -> Part | None:
    """What a form can make of a property; None when there is no rule for it."""
    return _RULES.get(name, _by_type)(name, asked)


def _prompt(name: str, asked: Asked) -> Part:
    limit, least = asked.schema(name).get("maxLength", _PROMPT), _least(asked.schema(name))
    own = Call("Text", ("prompt",), {"required": True, **least, "max_length": limit})
    shared = Call("fields.prompt", (), {"always": True, **least})
    return Part("prompt", own if limit < _PROMPT else shared, {name: Raw('values["prompt"]')})


def _negative_prompt(name: str, asked: Asked) -> Part:
    limit, least = asked.schema(name).get("maxLength", _PROMPT), _least(asked.schema(name))
    own = Call("Text", ("negativePrompt",), {**least, "max_length": limit})
    shared = Call("fields.negative_prompt", (), least)
    entry = {name: Raw('values["negativePrompt"] or None')}
    return Part("negativePrompt", own if limit < _PROMPT else shared, entry)


def _seed(name: str, asked: Asked) -> Part:
    schema = asked.schema(name)
    highest = schema.get("maximum", _INT32 if schema.get("format") == "int32" else _SEED)
    shown = Call("Seed", (), {"max": highest}) if highest < _SEED else Call("fields.seed")
    return Part("seed", shown, {name: Raw('values["seed"]')})


def _quantity(name: str, asked: Asked) -> Part:
    highest = asked.schema(name).get("maximum")
    limit = {"max": highest} if highest else {}
    return Part("quantity", Call("fields.quantity", (), limit), {name: Raw('values["quantity"]')})


def _images(name: str, asked: Asked) -> Part | None:
    schema, keys = asked.schema(name), asked.from_images
    if not keys:
        return None
    several = schema.get("type") == "array"
    least, most = schema.get("minItems", 1), schema.get("maxItems", 1) if several else 1
    limits = ({"min": least} if least > 1 else {}) | ({"max": most} if most > 1 else {})
    given, none = ("images", "images or None") if several else ("images[0]", "images[0] if images else None")
    return Part(
        "images",
        Call("fields.images", tuple(keys), limits),
        {name: Raw(given if asked.requires(name) else none)},
        before='images = [image["url"] for image in values.get("images") or []]',
    )


def _aspect_ratio(name: str, asked: Asked) -> Part | None:
    options = _options(asked.schema(name))
    if not options:
        return None
    shown = Call("AspectRatio", (), {"options": options, "default": _default(asked.schema(name), options)})
    return Part("aspectRatio", shown, {name: Raw('values["aspectRatio"]["value"]')})


def _output_format(name: str, asked: Asked) -> Part | None:
    """The format goes into an image step on its way out, see `civgen.jobs.body`."""
    offered = {"jpeg", "png"} <= set(_options(asked.schema(name)))
    return Part("outputFormat", Call("fields.output_format")) if offered else None


def _loras(name: str, asked: Asked) -> Part:
    strength = "1 if one.strength is None else one.strength"
    if asked.schema(name).get("type") == "object":
        made = f"{{\n    one.air: {strength}\n    for one in resources.loras\n}}"
    else:
        made = f'[\n    {{"air": one.air, "strength": {strength}}}\n    for one in resources.loras\n]'
    return Part("resources", Call("fields.resources"), {name: Raw("loras or None")}, before=f"loras = {made}")


def _by_type(name: str, asked: Asked) -> Part | None:
    schema, required = asked.schema(name), asked.requires(name)
    if "urn:" in schema.get("pattern", ""):
        return Part("model", Call("fields.model"), {name: Raw(_CHECKPOINT)}) if required else None
    # Optional and without a default: sending nothing is the contract's own choice.
    if not required and "default" not in schema:
        return None
    kind = "choice" if _options(schema) else _type(schema)
    return _KINDS[kind](name, asked) if kind in _KINDS else None


def _choice(name: str, asked: Asked) -> Part:
    options = _options(asked.schema(name))
    default = _default(asked.schema(name), options)
    if name == "model":
        # The form's `model` is the checkpoint; which of the engine's own models it is, the version says.
        return Part("its model", None, {name: Raw('context.options.get("model")')})
    other = next((one for one in options if one != default), None)
    return _plain(name, "Choice", {"options": options, "default": default}, other)


def _toggle(name: str, asked: Asked) -> Part:
    default = bool(asked.schema(name).get("default"))
    return _plain(name, "Toggle", {"default": True} if default else {}, not default)


def _number(name: str, asked: Asked) -> Part | None:
    schema = asked.schema(name)
    low, high, default = (schema.get(word) for word in ("minimum", "maximum", "default"))
    if low is None or high is None:
        return _plain(name, "Number", {"required": True}, None) if asked.requires(name) else None
    default = low if default is None else default
    step = 1 if _type(schema) == "integer" else _step(low, high, default)
    shown = {"min": low, "max": high, "step": step, "default": default}
    return _plain(name, "Number", shown, low if default != low else high)


def _text(name: str, asked: Asked) -> Part | None:
    schema = asked.schema(name)
    # A link to a video or a sound is no text that a person types; forms have no kind for it.
    if not asked.requires(name) or schema.get("format") == "uri":
        return None
    limit = {"max_length": schema["maxLength"]} if "maxLength" in schema else {}
    return _plain(name, "Text", {"required": True, **_least(schema), **limit}, None)


def _plain(name: str, kind: str, shown: Mapping[str, Any], other: Any) -> Part:
    """A field whose value goes into the step as it is."""
    key, label = _PLATFORM_NAMES.get(name, (name, None))
    unit = {"unit": _UNITS[key]} if key in _UNITS else {}
    words = ({"label": label} if label else {}) | unit | dict(shown)
    return Part(
        key, Call(kind, (key,), words), {name: Raw(f'values["{key}"]')}, other=other if key == name else None
    )


_RULES: dict[str, Callable[[str, Asked], Part | None]] = {
    "prompt": _prompt,
    "negativePrompt": _negative_prompt,
    "seed": _seed,
    "quantity": _quantity,
    "numImages": _quantity,
    "images": _images,
    "image": _images,
    "sourceImage": _images,
    "aspectRatio": _aspect_ratio,
    "outputFormat": _output_format,
    "loras": _loras,
}
_KINDS: dict[str, Callable[[str, Asked], Part | None]] = {
    "choice": _choice,
    "boolean": _toggle,
    "integer": _number,
    "number": _number,
    "string": _text,
}


def _least(schema: Mapping[str, Any]) -> dict[str, int]:
    """The least length of a text; none where it need only be there, which a field says otherwise."""
    least = schema.get("minLength", 0)
    return {"min_length": least} if least > 1 else {}


def _options(schema: Mapping[str, Any]) -> list[Any]:
    return [one for one in schema.get("enum", ()) if one is not None]


def _default(schema: Mapping[str, Any], options: list[Any]) -> Any:
    default = schema.get("default")
    return default if default in options else options[0]


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a property, without null."""
    said = schema.get("type", "")
    types = [said] if isinstance(said, str) else [one for one in said if one != "null"]
    return types[0] if len(types) == 1 else ""


def _step(low: float, high: float, default: float) -> float | None:
    """The coarsest step that reaches both the default and the end."""
    for step in _STEPS:
        reached = all(
            math.isclose(span / step, round(span / step), abs_tol=1e-9)
            for span in (high - low, default - low)
        )
        if reached and (high - low) / step >= _POSITIONS:
            return step
    return None
