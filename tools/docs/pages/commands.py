"""Every command with its arguments, options and answer: a page a command, or group of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from civgen.cli.describe import Command, all_commands, exit_codes
from tools.docs.markdown import code, document, table, type_in_words

FOLDER = "docs/reference/commands"
#: Options that every command has.
_COMMON = ("json", "env", "workspace")
#: Exit codes that every command has.
_USUAL = ("0", "1", "2", "130")


def pages() -> dict[str, str]:
    """A page a first word, and one that lists them."""
    groups = {name: list(found) for name, found in groupby(all_commands(), lambda one: one.path[0])}
    made = {f"{FOLDER}/{name}.md": _page(name, found) for name, found in groups.items()}
    return made | {f"{FOLDER}/index.md": _index(groups)}


def _index(groups: Mapping[str, Sequence[Command]]) -> str:
    rows = [
        (f"[`civgen {one.name}`]({name}.md#{_heading(one)})", one.as_json()["summary"])
        for name, found in groups.items()
        for one in found
    ]
    common = next(iter(groups.values()))[0].as_json()["options"]
    return document(
        "# Commands",
        "Exit codes and the shape of errors are the same for all: [exit codes](../exit-codes.md). `civgen "
        "schema COMMAND` says the same as JSON.",
        table(("command", "does"), rows),
        "## Options of every command",
        _options([one for one in common if one["name"] in _COMMON]),
    )


def _page(name: str, found: Sequence[Command]) -> str:
    if len(found) == 1 and found[0].name == name:
        return document(f"# civgen {name}", *_parts(found[0]))
    sections = [part for one in found for part in (f"## civgen {one.name}", *_parts(one))]
    return document(f"# civgen {name}", *sections)


def _parts(command: Command) -> list[str]:
    told = command.as_json()
    own = [one for one in told["options"] if one["name"] not in _COMMON]
    return [
        f"    {_usage(told)}",
        told["description"].replace("\n    ", "\n"),
        _arguments(told["arguments"]),
        _options(own),
        _exits(told["exit_codes"]),
    ]


def _exits(codes: Mapping[str, str]) -> str:
    """What the exit codes of a command say that has some of its own."""
    if codes == exit_codes():
        return ""
    return table(("exit code", "when"), [(code, when) for code, when in codes.items() if code not in _USUAL])


def _usage(told: Mapping[str, Any]) -> str:
    words = [told["command"]]
    for one in told["arguments"]:
        name = _name(one)
        words.append((name if one["required"] else f"[{name}]") + ("…" if one["repeatable"] else ""))
    required = [f"{_flags(one)[0]} {_value(one)}" for one in told["options"] if one["required"]]
    return " ".join([*words, *required, "[OPTIONS]"])


def _arguments(arguments: Sequence[Mapping[str, Any]]) -> str:
    if not arguments:
        return ""
    rows = [(code(_name(one)), one["help"], type_in_words(one["type"]), _default(one)) for one in arguments]
    return table(("argument", "is", "takes", "default"), rows)


def _options(options: Sequence[Mapping[str, Any]]) -> str:
    if not options:
        return ""
    rows = [
        (
            ", ".join(code(flag) for flag in _flags(one)) + (f" {code(_value(one))}" if _value(one) else ""),
            one["help"],
            _takes(one),
            _default(one),
        )
        for one in options
    ]
    return table(("option", "does", "takes", "default"), rows)


def _name(argument: Mapping[str, Any]) -> str:
    return str(argument["metavar"] or argument["name"].upper()).strip("[]")


def _flags(option: Mapping[str, Any]) -> list[str]:
    return sorted(option["flags"], key=len, reverse=True)


def _value(option: Mapping[str, Any]) -> str:
    """What stands behind the flag; nothing for a switch."""
    if option["type"].get("type") == "boolean":
        return ""
    return str(option["metavar"] or option["name"].upper().replace("_", "-"))


def _takes(option: Mapping[str, Any]) -> str:
    if option["type"].get("type") == "boolean":
        return ""
    variable = f"; also {code(option['environment'])}" if option["environment"] else ""
    return type_in_words(option["type"]) + variable


def _default(one: Mapping[str, Any]) -> str:
    if one["required"]:
        return "required"
    value = one["default"]
    return "" if value in (None, False, [], ()) else code(value)


def _heading(command: Command) -> str:
    return f"civgen-{'-'.join(command.path)}"
