"""What a validator says, in a person's words: one `Problem` a violation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from civgen.errors import Problem, did_you_mean
from civgen.orchestrator.contract.openapi import Schema

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS = {
    "uri": "must be a URL",
    "date-time": "must be a date and time like 2026-08-01T12:00:00Z",
    "date-span": "must be a duration like 00:20:00 (hours, minutes, seconds)",
}
#: Keyword -> the pair of limits it belongs to, how a person says it, and what is counted.
_LIMITS = {
    "minimum": ("minimum", "maximum", "must be {}", ""),
    "exclusiveMinimum": ("exclusiveMinimum", "exclusiveMaximum", "must be {}", ""),
    "minLength": ("minLength", "maxLength", "must be {} long", " character"),
    "minItems": ("minItems", "maxItems", "must have {}", " item"),
}
_LIMITS |= {limits[1]: limits for limits in _LIMITS.values()}
_PLAIN = {"uniqueItems": ("must not list anything twice", None, None)}
_AIR_HINT = "An AIR looks like urn:air:sdxl:checkpoint:civitai:101055@128078."
_MANY, _LONG = 12, 200


def problems(validator: Draft202012Validator, schema: Schema, value: Any, at: str) -> list[Problem]:
    """Every way in which `value` breaks the compiled `schema`; fields begin with `at`, such as `steps[0]`."""
    found = [problem for error in validator.iter_errors(value) for problem in _explained(error, schema, at)]
    return sorted(found, key=lambda problem: problem.field)


def unknown_choice(field: str, given: Any, allowed: Sequence[Any]) -> Problem:
    """A value that is none of `allowed`, or is missing (`given` is None)."""
    if given is None:
        return Problem(field, f"is required: {_listed(allowed)}", allowed=list(allowed))
    hint = did_you_mean(str(given), [str(value) for value in allowed])
    return Problem(field, f"must be {_listed(allowed)}", short(given), list(allowed), hint)


def short(value: Any) -> Any:
    """`value`, cut when it is long text (an image may be given as megabytes of text)."""
    return value[:_LONG] + "…" if isinstance(value, str) and len(value) > _LONG else value


def path(at: str, parts: Iterable[str | int]) -> str:
    """The field path of `parts` below `at`."""
    for part in parts:
        at += f"[{part}]" if isinstance(part, int) else f".{part}" if at else part
    return at


def _explained(error: ValidationError, schema: Schema, at: str) -> Iterator[Problem]:
    keyword, rule = error.kind.name, _rule(schema, error.schema_path)
    field, given = path(at, error.instance_path), cast("Any", error.instance)
    if keyword == "additionalProperties":
        unexpected: list[str] = error.kind.as_dict()["unexpected"]
        yield from (_unexpected(name, given[name], rule, field) for name in unexpected)
    elif keyword == "required":
        yield _missing(error.kind.as_dict()["property"], rule, field)
    elif keyword == "enum":
        yield unknown_choice(field, given, [value for value in rule["enum"] if value is not None])
    else:
        message, allowed, hint = _wording(keyword, rule, given) or (error.message, None, None)
        yield Problem(field, message, short(given), allowed, hint)


def _wording(keyword: str, rule: Schema, given: Any) -> tuple[str, Any, str | None] | None:
    """Message, allowed and hint of a value that is wrong in itself; None when there are no better words."""
    if keyword in _LIMITS:
        return _limits(keyword, rule, given)
    if keyword == "type":
        names = _types(rule["type"])
        return "must be " + " or ".join(_TYPES.get(name, name) for name in names), names, None
    if keyword == "pattern" and "air:" in rule["pattern"]:
        return "must be an AIR", None, _AIR_HINT
    if keyword == "format" and rule["format"] in _FORMATS:
        return _FORMATS[rule["format"]], None, None
    return _PLAIN.get(keyword)


def _limits(keyword: str, rule: Schema, given: Any) -> tuple[str, Any, str | None]:
    low_key, high_key, sentence, unit = _LIMITS[keyword]
    low, high = rule.get(low_key), rule.get(high_key)
    allowed = {name: limit for name, limit in (("min", low), ("max", high)) if limit is not None}
    message = sentence.format(
        _between(low, high, keyword.startswith("exclusive")) + _plural(unit, high or low)
    )
    return message, allowed, f"It has {len(given)}{_plural(unit, len(given))}." if unit else None


def _between(low: Any, high: Any, strict: bool) -> str:
    if high is None:
        return f"{'more than' if strict else 'at least'} {low}"
    if low is None:
        return f"{'less than' if strict else 'at most'} {high}"
    return f"between {low} and {high}" if strict else f"{low} to {high}"


def _plural(unit: str, count: Any) -> str:
    return unit + "s" if unit and count != 1 else unit


def _unexpected(name: str, given: Any, rule: Schema, field: str) -> Problem:
    field, known = path(field, [name]), sorted(rule.get("properties", {}))
    if name in rule.get("x-readOnly", ()):
        return Problem(field, "is set by the orchestrator and cannot be given", short(given))
    return Problem(
        field, "is not known here", short(given), known, did_you_mean(name, known, "Leave it out.")
    )


def _missing(name: str, rule: Schema, field: str) -> Problem:
    schema = rule.get("properties", {}).get(name, {})
    schema = schema.get("else", schema)
    allowed = schema.get("enum") or {
        key: schema[limit] for key, limit in (("min", "minimum"), ("max", "maximum")) if limit in schema
    }
    return Problem(path(field, [name]), "is required", allowed=allowed or None)


def _rule(schema: Any, way: Sequence[str | int]) -> Schema:
    """The schema object whose last keyword of `way` was broken."""
    for part in way[:-1]:
        schema = schema[part]
    rule: Schema = schema
    return rule


def _types(types: str | list[str]) -> list[str]:
    names = [types] if isinstance(types, str) else types
    return [name for name in names if name != "null"] or list(names)


def _listed(values: Sequence[Any]) -> str:
    if len(values) == 1:
        return str(values[0])
    shown = ", ".join(str(value) for value in values[:_MANY])
    return f"one of {shown}" + (f" and {len(values) - _MANY} more" if len(values) > _MANY else "")
