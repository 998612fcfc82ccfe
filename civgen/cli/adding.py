"""How something is added, whatever it is: answers from a file, flags over them, and taking it back."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from civgen.cli.added import show_outcome
from civgen.cli.answers import CONSENT, INDEX, ORCHESTRATOR
from civgen.cli.going_on import go_on, refuse_apply
from civgen.cli.interview import interview
from civgen.cli.output import is_interactive
from civgen.cli.state import state
from civgen.errors import InvalidFile, Where, display_path

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

#: What a command exits with that adds something, may check it and may take it back.
CHECKED = {
    7: "with --apply: not everything agrees",
    8: "a file of somebody else is in the way; with --undo: an edit would be lost",
}
#: The same for what has rows, which are written with consent, and a price.
EXITS = (INDEX, ORCHESTRATOR, CHECKED, CONSENT)

C = TypeVar("C", bound=Callable[..., Any])
#: Makes an addition of answers; with True, only as far as to see what would be written.
Make = Callable[[Path, dict[str, Any], bool], "Outcome"]

_MARK = "__civgen_asks__"


@dataclass
class AddOptions:
    """How something is added."""

    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE|-",
            help="Answers as TOML or JSON, or - for stdin; what is said here besides goes before.",
        ),
    ] = None
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show files and rows as a diff, and write nothing.")
    ] = False
    like: Annotated[
        str | None, typer.Option(metavar="ECOSYSTEM", help="Start from the answers of a similar ecosystem.")
    ] = None
    apply: Annotated[
        bool, typer.Option("--apply", help="Go on: lint, rows with consent, index, and the price.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Consent to the rows of --apply.")] = False
    undo: Annotated[
        bool, typer.Option("--undo", help="Take it back: every file as before, unless an edit would be lost.")
    ] = False


def asks(kind: str) -> Callable[[C], C]:
    """Say what answers a command takes with `--from`.

    Args:
        kind: module and name of their type, such as `civgen.scaffold.answers:BaseModelAnswers`, which is
            only imported when somebody asks.
    """

    def mark(command: C) -> C:
        setattr(command, _MARK, kind)
        return command

    return mark


def asked_by(callback: Any) -> Any:
    """The type of the answers that a command takes; None for one that takes none."""
    name = getattr(callback, _MARK, None)
    return None if name is None else _imported(name)


def _imported(name: str) -> Any:
    import importlib

    module, _, kind = name.partition(":")
    return getattr(importlib.import_module(module), kind)


def carry_out(
    given: Mapping[str, Any],
    how: AddOptions,
    make: Make,
    *subject: str,
    command: str,
    kind: str,
    root: Path | None = None,
) -> None:
    """Add something, or take it back, and show what came of it.

    Args:
        given: answers of the command line; None and what is empty count as not given.
        subject: those of them by which an addition is found again.
        command: its name.
        kind: the type of its answers, as `asks` takes it.
        root: where it is added; by default the workspace.
    """
    from civgen.scaffold.alone import adding_alone
    from civgen.scaffold.like import likened
    from civgen.scaffold.undo import undo

    root = root or state().workspace.required
    said = _from_file(how.from_) if how.from_ else {}
    said |= {name: value for name, value in given.items() if value not in (None, [], {})}
    said = {name: value for name, value in said.items() if value is not None}
    if how.apply:
        refuse_apply(dry_run=how.dry_run, undo=how.undo)
    if how.undo:
        wanted = {"command": command, **{name: said.get(name) for name in subject}}
        show_outcome(undo(root, wanted, dry_run=how.dry_run))
        return
    asked = _imported(kind)
    if how.like:
        said = likened(said, asked, how.like, state().catalog)

    def made(told: dict[str, Any]) -> Outcome:
        with adding_alone(root, dry_run=how.dry_run):
            return make(root, told, how.dry_run)

    outcome = interview(asked, said, state().catalog, made) if is_interactive() else made(said)
    show_outcome(outcome)
    if how.apply:
        go_on(outcome, yes=how.yes)


def _from_file(name: str) -> dict[str, Any]:
    """The answers of a file or of stdin; where each was said is remembered for what goes wrong.

    Raises:
        InvalidFile: it cannot be read, or is neither TOML nor JSON; with its line.
    """
    from civgen.scaffold.answers import flag
    from civgen.tomlfile import TomlFile, read_text

    path = Path("stdin" if name == "-" else name)
    text = sys.stdin.read() if name == "-" else read_text(path)
    data = _parsed(text, path)
    file = TomlFile(path, "" if text.lstrip().startswith("{") else text, data)
    state().said_in.update({flag(key): file.where((key,)) for key in data})
    return data


def _parsed(text: str, path: Path) -> dict[str, Any]:
    is_json = text.lstrip().startswith("{")
    try:
        data: dict[str, Any] = json.loads(text) if is_json else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        shown, language = display_path(path), "JSON" if is_json else "TOML"
        where = Where(shown, getattr(error, "lineno", None), getattr(error, "colno", None))
        hint = (
            "Answers are a JSON object or a TOML file; `civgen schema COMMAND` has their schema as `input`."
        )
        raise InvalidFile(f"{shown} is not {language}: {error}.", hint=hint, where=where) from None
    return data
