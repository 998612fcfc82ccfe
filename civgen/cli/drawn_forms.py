"""Forms as tables: what may be filled in, where it comes from, how two differ."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from civgen.cli.output import allowed_text, console, table

_MOST = 12


def draw_form(shown: Mapping[str, Any], absent: Mapping[str, str]) -> None:
    """One row a field: default, what it takes, what would change it; then those that are not shown now."""
    rows = [
        (one["key"], _default(one), _takes(one), "\n".join(one.get("conditions", ())))
        for one in shown["fields"]
    ]
    rows += [(key, "", "", f"shown {when}") for key, when in absent.items()]
    table(("field", "default", "takes", "would change it"), rows, title=route_text(shown))


def draw_parts(explained: Mapping[str, Any]) -> None:
    """Two lines each time that something is said of a field, what stands marked: no path is cut short."""
    from rich.text import Text

    out = console()
    out.print(Text(f"{explained['field']['key']} · {route_text(explained)}", style="italic"), soft_wrap=True)
    for one in explained["parts"]:
        mark, style = ("✓", "bold") if one["stands"] else (" ", "dim")
        told = Text.assemble(f"  {mark} ", (one["part"], style), f" {value_text(one['value'])}")
        out.print(told, soft_wrap=True)
        out.print(Text(f"      {_said_by(one)}", style="dim"), soft_wrap=True)


def draw_differences(compared: Mapping[str, Any]) -> None:
    """One row a difference; fields that only one form has come first."""
    names = [compared[side]["ecosystem"] or compared[side]["workflow"] for side in ("left", "right")]
    rows = [(key, "", "has it", "–") for key in compared["only_left"]]
    rows += [(key, "", "–", "has it") for key in compared["only_right"]]
    rows += [
        (one["key"], one["part"], value_text(one["left"]), value_text(one["right"]))
        for one in compared["differ"]
    ]
    lines = [*(route_text(compared[side]) for side in ("left", "right"))]
    sys.stdout.write("\n".join([*lines, f"the same: {', '.join(compared['same']) or 'nothing'}", ""]))
    if rows:
        table(("field", "part", *names), rows)


def route_text(shown: Mapping[str, Any]) -> str:
    """Where a form belongs, in one line."""
    version = shown["version"] and f"version {shown['version']}"
    named = (shown["ecosystem"], shown["workflow"], f"engine {shown['engine']}", version)
    return " · ".join(one for one in named if one)


def value_text(value: Any) -> str:
    """A part of a field as a person writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return str(value.get("value", value.get("label", dict(value)))) + _pixels(value)
    if isinstance(value, list | tuple):
        shown = ", ".join(value_text(one) for one in value[:_MOST])
        return shown + (f" and {len(value) - _MOST} more" if len(value) > _MOST else "")
    return str(value)


def _default(field: Mapping[str, Any]) -> str:
    if "fixed" in field or field["kind"] in ("images", "video"):
        return ""
    default = field.get("default")
    if default is None:
        return "required" if field.get("required") else "off" if field["kind"] == "toggle" else ""
    return "on" if default is True else "off" if default is False else value_text(default)


def _takes(field: Mapping[str, Any]) -> str:
    unit = f" {field['unit']}" if field.get("unit") else ""
    why = f" ({field['why']})" if field.get("why") else ""
    return _range(field, unit) + why


def _range(field: Mapping[str, Any], unit: str) -> str:
    if "fixed" in field:
        return f"always {value_text(field['fixed'])}{unit}"
    if field["kind"] in ("images", "video"):
        return _media(field)
    if field["kind"] == "toggle":
        return "on, off"
    if field.get("options") and field["kind"] != "controlNets":
        return ", ".join(_option(one) for one in field["options"]) + unit
    if field["kind"] != "text" and ("min" in field or "max" in field):
        step = {"step": field["step"]} if field.get("step") not in (None, 1) else {}
        return allowed_text({name: field.get(name) for name in ("min", "max")} | step) + unit
    return _limit(field)


def _limit(field: Mapping[str, Any]) -> str:
    if field["kind"] == "resource":
        return "a model version"
    if field["kind"] == "text":
        return _length(field)
    most = f"up to {field['limit']}" if "limit" in field else ""
    known = [value_text(one["value"]) for one in field.get("options", ())]
    return f"{most}: {', '.join(known)}" if known else most


def _length(field: Mapping[str, Any]) -> str:
    low, high = field.get("min"), field.get("limit")
    if low is None:
        return f"up to {high} characters" if high is not None else ""
    return f"{low} to {high} characters" if high is not None else f"at least {low} characters"


def _media(field: Mapping[str, Any]) -> str:
    if field["kind"] == "video":
        return "one video, required" if field.get("required") else "one video"
    low, high = field.get("min", 1), field.get("max", 1)
    count = f"{high}" if low == high else f"{low} to {high}"
    return f"{count} image{'s' if high > 1 else ''}{', required' if field.get('required') else ''}"


def _option(option: Mapping[str, Any]) -> str:
    label = option.get("label")
    named = isinstance(option["value"], int) and label not in (None, str(option["value"]))
    plain = value_text(option["value"]) + _pixels(option)
    return f"{plain} {label}" if named and not str(label).startswith(str(option["value"])) else plain


def _pixels(option: Mapping[str, Any]) -> str:
    return f" ({option['width']}x{option['height']})" if "width" in option else ""


def _said_by(part: Mapping[str, Any]) -> str:
    where = part["where"]
    condition = f", if {part['condition']}".replace(", if unless", ", unless") if part["condition"] else ""
    return f"{part['owner']}{condition}" + (f" · {where['file']}:{where['line']}" if where else "")
