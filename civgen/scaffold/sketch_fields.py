"""From a property of a step input to a field of a form: one rule a kind of property.

Keys of fields are the platform's names, which are the orchestrator's but for a few. A property that no
rule can turn into a field is left out, and the sketch says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from civgen.engines.fields import INT32
from civgen.scaffold.media_in import types_of
from civgen.scaffold.pythontext import Call, Raw
from civgen.scaffold.sketch_parts import Asked, Part

#: What the orchestrator calls differently from the platform's forms: its name -> key and label.
_PLATFORM_NAMES = {"guidanceScale": ("cfgScale", "Guidance"), "numInferenceSteps": ("steps", "Steps")}
#: Longest prompt and highest seed of the platform's own fields; see `civgen.engines.fields`.
_PROMPT, _SEED = 6000, 4294967295
_UNITS = {"duration": "s"}
#: The key of a part without a field: which of the engine's own models it is.
ITS_MODEL = "its model"
#: What the contract calls the weights that are the checkpoint; a version says the others.
_CHECKPOINT = re.compile(r"^(diffus\w+)?model$", re.IGNORECASE)
#: Steps of a slider, the coarsest that fits wins.
_STEPS = (1, 0.5, 0.1, 0.05, 0.01)
_BOUNDS = {"min": "minimum", "max": "maximum"}
#: Positions of a slider below which its step is too coarse to be of use.
_POSITIONS = 10


def part_of(name: str, asked: Asked) -> Part | None:
    """What a form can make of a property; None when there is no rule for it."""
    return _RULES.get(name, _by_type)(name, asked)


def _prompt(name: str, asked: Asked) -> Part:
    always = {"always": True} if asked.requires(name) else {}
    words = always | _lengths(asked.schema(name))
    return Part("prompt", Call("fields.prompt", (), words), {name: Raw('values["prompt"]')})


def _negative_prompt(name: str, asked: Asked) -> Part:
    words = _lengths(asked.schema(name))
    entry = {name: Raw('values["negativePrompt"] or None')}
    return Part("negativePrompt", Call("fields.negative_prompt", (), words), entry)


def _seed(name: str, asked: Asked) -> Part:
    schema = asked.schema(name)
    highest = schema.get("maximum", INT32 if schema.get("format") == "int32" else _SEED)
    most = Raw("fields.INT32") if highest == INT32 else highest
    shown = Call("fields.seed", (), {"max": most} if highest < _SEED else {})
    return Part("seed", shown, {name: Raw('values["seed"]')})


def _quantity(name: str, asked: Asked) -> Part:
    highest = asked.schema(name).get("maximum")
    limit = {"max": highest} if highest else {}
    return Part("quantity", Call("fields.quantity", (), limit), {name: Raw('values["quantity"]')})


def _aspect_ratio(name: str, asked: Asked) -> Part | None:
    options = _options(asked.schema(name))
    if not options:
        return None
    shown = Call("AspectRatio", (), {"options": options, "default": _default(asked.schema(name), options)})
    return Part("aspectRatio", shown, {name: Raw("ratio(values)")})


def _output_format(name: str, asked: Asked) -> Part | None:
    """The format goes into an image step on its way out, see `civgen.jobs.body`."""
    offered = {"jpeg", "png"} <= set(_options(asked.schema(name)))
    return Part("outputFormat", Call("fields.output_format")) if offered else None


def _loras(name: str, asked: Asked) -> Part:
    schema = asked.schema(name)
    is_map = types_of(schema) == ["object"]
    strength = schema.get("additionalProperties", {}) if is_map else _strength(schema)
    ends = {word: strength[bound] for word, bound in _BOUNDS.items() if bound in strength}
    field = Call("fields.resources", (), {"strength": ends} if ends else {})
    helper = "lora_strengths" if is_map else "lora_list"
    return Part("resources", field, {name: Raw(f"{helper}(resources) or None")})


def _strength(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the entries of a list of LoRAs say of their strength."""
    found: Mapping[str, Any] = schema.get("items", {}).get("properties", {}).get("strength", {})
    return found


def _by_type(name: str, asked: Asked) -> Part | None:
    schema, required = asked.schema(name), asked.requires(name)
    if "urn:" in schema.get("pattern", ""):
        return _weights(name) if required else None
    # Optional and without a default: sending nothing is the contract's own choice.
    if not required and "default" not in schema:
        return None
    kind = "choice" if _options(schema) else _type(schema)
    return _KINDS[kind](name, asked) if kind in _KINDS else None


def _weights(name: str) -> Part:
    if _CHECKPOINT.match(name):
        return Part("model", Call("fields.model"), {name: Raw("checkpoint_air(resources)")})
    return Part(f"its {name}", None, {name: Raw(f'context.option("{name}")')}, asks=True)


def _choice(name: str, asked: Asked) -> Part:
    options = _options(asked.schema(name))
    default = _default(asked.schema(name), options)
    if name == "model":
        # The form's `model` is the checkpoint; which of the engine's own models it is, the version says.
        must = asked.requires(name) and "default" not in asked.schema(name)
        return Part(
            ITS_MODEL, None, {name: Raw(f'context.option{"" if must else "s.get"}("model")')}, asks=must
        )
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
    return _plain(name, "Text", {"required": True, **_lengths(schema)}, None)


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


def _lengths(schema: Mapping[str, Any]) -> dict[str, int]:
    """The least and the greatest length of a prompt, where they say more than the platform's own.

    That a text need only be there, a field says otherwise.
    """
    least, most = schema.get("minLength", 0), schema.get("maxLength", _PROMPT)
    lower = {"min_length": least} if least > 1 else {}
    return lower | ({"max_length": most} if most < _PROMPT else {})


def _options(schema: Mapping[str, Any]) -> list[Any]:
    return [one for one in schema.get("enum", ()) if one is not None]


def _default(schema: Mapping[str, Any], options: list[Any]) -> Any:
    default = schema.get("default")
    return default if default in options else options[0]


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a property, if it is one beside null."""
    types = types_of(schema)
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
