"""The command line as data: every command with its options, types, exit codes and answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civgen.cli.adding import asked_by
from civgen.cli.answers import Answer, answer_of
from civgen.errors import CivgenError, not_found

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Command:
    """One command that can be run.

    Attributes:
        path: its words, without `civgen`.
    """

    path: tuple[str, ...]
    command: Any

    @property
    def name(self) -> str:
        """Its words in a row, as a person writes them."""
        return " ".join(self.path)

    @property
    def answer(self) -> Answer | None:
        """What it was said to answer."""
        return answer_of(self.command.callback)

    @property
    def result(self) -> Schema | None:
        """JSON Schema of its document; None for a command that has none."""
        return schema_of(self.answer.document) if self.answer else None

    @property
    def line(self) -> Schema | None:
        """JSON Schema of each of its JSON Lines; None for a command that gives none."""
        return schema_of(self.answer.line) if self.answer else None

    @property
    def input(self) -> Schema | None:
        """JSON Schema of the answers that `--from` takes; None for a command that takes none."""
        kind = asked_by(self.command.callback)
        return None if kind is None else _input_schema(kind, self.command.params)

    def as_json(self) -> dict[str, Any]:
        """`{"command", "summary", "description", "arguments", "options", "input", "exit_codes", …}`.

        `input` is the JSON Schema of the answers that `--from` takes.
        """
        text = (self.command.help or "").strip()
        parameters = [_parameter(one) for one in self.command.params if not getattr(one, "hidden", False)]
        return {
            "command": f"civgen {self.name}",
            "summary": text.partition("\n")[0],
            "description": text,
            "arguments": [one for one in parameters if not one["flags"]],
            "options": [one for one in parameters if one["flags"]],
            "input": self.input,
            "spends": bool(self.answer and self.answer.spends),
            "exit_codes": self._exit_codes(),
            "result": self.result,
            "line": self.line,
        }

    def _exit_codes(self) -> dict[str, str]:
        codes = exit_codes()
        said = self.answer.exit_codes if self.answer else {}
        return {str(code): f"{codes[str(code)]}: {when}" if code else when for code, when in said.items()}


def all_commands() -> Iterator[Command]:
    """Every command, found by walking the app."""
    yield from _below(_root(), ())


def find_command(words: tuple[str, ...]) -> Command:
    """A command by its words.

    Raises:
        NotFound: there is none; the hint names the closest.
    """
    known = {one.name: one for one in all_commands()}
    wanted = " ".join(words)
    if wanted not in known:
        raise not_found("command", wanted, filter(None, known))
    return known[wanted]


def exit_codes() -> dict[str, str]:
    """What each exit code says, and under which error codes."""
    from civgen.cli.app import INTERRUPTED

    said = {0: ["fine"], INTERRUPTED: ["interrupted"]}
    for kind in _errors(CivgenError):
        said.setdefault(kind.exit_code, []).append(kind.code)
    # Errors that some module derives have the code of their kind, and count once, imported or not.
    return {str(number): ", ".join(dict.fromkeys(codes)) for number, codes in sorted(said.items())}


def error_schema() -> Schema:
    """JSON Schema of the document that `--json` gives on failure."""
    from civgen.results.error import Failure

    schema: Schema = schema_of(Failure) or {}
    schema["$defs"]["ErrorBody"]["properties"]["code"]["enum"] = error_codes()
    return schema


def error_codes() -> list[str]:
    """Every `error.code` there is."""
    return sorted({kind.code for kind in _errors(CivgenError)} | {"interrupted"})


def schema_of(kind: Any) -> Schema | None:
    """JSON Schema 2020-12 of a type; objects are closed unless their type says otherwise."""
    from pydantic import TypeAdapter

    if kind is None:
        return None
    from civgen.cli.schemas import Closed

    schema = TypeAdapter(kind).json_schema(mode="serialization", schema_generator=Closed)
    return {"$schema": DIALECT, **schema}


def _input_schema(kind: Any, parameters: list[Any]) -> Schema:
    """JSON Schema of answers, each described as the option that says the same."""
    from civgen.scaffold.answers import flag

    schema = {"$schema": DIALECT, **kind.model_json_schema()}
    said = {word: one.help for one in parameters for word in (*one.opts, one.name)}
    for name, answer in schema["properties"].items():
        answer.pop("title", None)
        if text := said.get(flag(name)) or said.get(name):
            answer["description"] = text
    return schema


def _root() -> Any:
    import typer

    from civgen.cli.app import app

    return typer.main.get_command(app)


def _below(group: Any, path: tuple[str, ...]) -> Iterator[Command]:
    context = None
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if hasattr(found, "list_commands"):
            yield from _below(found, (*path, name))
        else:
            yield Command((*path, name), found)


def _errors(kind: type[CivgenError]) -> Iterator[type[CivgenError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _errors(child)


def _parameter(parameter: Any) -> dict[str, Any]:
    """One argument or option."""
    is_option = parameter.param_type_name == "option"
    return {
        "name": parameter.name.rstrip("_"),
        "flags": [*parameter.opts, *parameter.secondary_opts] if is_option else [],
        "metavar": parameter.metavar,
        "type": _type(parameter.type_descriptor.annotation),
        "required": bool(parameter.required),
        "repeatable": bool(getattr(parameter, "multiple", False) or parameter.nargs == -1),
        "default": _plain(parameter.default),
        "environment": parameter.envvar,
        "help": parameter.help,
    }


def _type(annotation: Any) -> Schema:
    from pydantic import TypeAdapter

    schema = TypeAdapter(annotation).json_schema()
    schema.pop("title", None)
    return schema


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return getattr(value, "value", value) if not callable(value) else None
