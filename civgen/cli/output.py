"""What a person or a program gets to read. stdout is data, stderr is talk."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from civgen.cli.following import for_here, repeated, show_next, with_next
from civgen.cli.state import state
from civgen.errors import CivgenError, Problem, Refused

if TYPE_CHECKING:
    from rich.console import Console

Cell = Any

#: Control characters but for line breaks and tabs, and what stands for them on a screen.
_SHOWN_CONTROLS = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}"
)
#: Columns of a table that goes to a file or another program.
WIDE = 200


def emit(data: Any, render: Callable[[], None] | None = None) -> None:
    """Give the answer of a command.

    Under `--json`, `data` becomes the one document, printed when the run ends; else `render` shows
    it, or without one it is printed as indented JSON.
    """
    if state().json:
        state().document = data
    elif render is not None:
        render()
    else:
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n")


def emit_line(data: Any) -> None:
    """Give one line of a stream of JSON documents."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Say something to the person, beside the data."""
    sys.stderr.write(text + "\n")


def is_interactive() -> bool:
    """Whether there is a person to ask."""
    return not state().json and sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, flag: str = "--yes") -> None:
    """Ask for consent.

    Raises:
        Refused: the answer is no, or nobody is there to ask: then the error names `flag`.
    """
    if not is_interactive():
        hint = f"Pass {flag} to consent: `{repeated(flag)}`"
        raise Refused(f"{question} Nobody is here to answer.", hint=hint)
    import typer

    if not typer.confirm(question, err=True):
        raise Refused("Not done: the answer was no.")


def console(*, stderr: bool = False) -> Console:
    """A Rich console on stdout or stderr; wide where no terminal sets a width, so that lines stay whole."""
    from rich.console import Console

    # What is printed is data: square brackets in a licence's name are no markup.
    out = Console(stderr=stderr, highlight=False, markup=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = WIDE
    return out


def table(
    columns: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    *,
    title: str | None = None,
    spare: Sequence[str] | None = None,
    right: Collection[str] = (),
) -> None:
    """Print a plain table that fits the screen; None shows as nothing.

    Args:
        spare: for a listing with a line a row, columns that a screen may have no room for, the first to go
            first; what goes elsewhere is whole.
        right: columns of numbers.
    """
    from civgen.cli.tables import drawn, fitting

    out = console()
    names, cells = list(columns), [[readable(one) for one in row] for row in rows]
    cut = spare is not None and out.is_terminal
    shown = fitting(names, cells, out.width, spare or ()) if cut else names
    kept = [names.index(name) for name in shown]
    picked = [[row[number] if number < len(row) else "" for number in kept] for row in cells]
    out.print(drawn(shown, picked, out.width, title=title, one_line=cut, right=right))
    if left_out := [name for name in names if name not in shown]:
        note(f"No room here for {', '.join(left_out)}; --json has all.")


def readable(value: Cell) -> str:
    """A value as text, nothing for None; what would steer a terminal is shown: names come from strangers."""
    return "" if value is None else str(value).translate(_SHOWN_CONTROLS)


def card(*entries: Mapping[str, Any]) -> None:
    """Print all that is said of something, a line a key; what is empty is left out."""
    from rich.table import Table
    from rich.text import Text

    for entry in entries:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for key, value in entry.items():
            if value not in (None, [], {}, ""):
                grid.add_row(Text(key, style="bold"), _in_words(value))
        console().print(grid)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        flat = not any(isinstance(one, dict) for one in value)
        return ", ".join(map(readable, value)) if flat else "\n".join(_in_words(one) for one in value)
    if isinstance(value, dict):
        return " · ".join(
            f"{key} {_in_words(part)}" for key, part in value.items() if part not in (None, [], {})
        )
    return ("yes" if value else "no") if isinstance(value, bool) else readable(value)


def finish(error: CivgenError | None = None) -> None:
    """Print the one document of a run under `--json`, or the error for a person."""
    current = state()
    error = error and for_here(error)
    if current.json:
        document = with_next(current.document, error)
        if document is not None:
            sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n")
        return
    if error is not None:
        _show_error(error)
    show_next(error, note)


def _show_error(error: CivgenError) -> None:
    from rich.text import Text

    out = console(stderr=True)
    out.print(Text.assemble(("error", "bold red"), f" {readable(error.message)}"))
    shown = [problem for problem in error.details if len(error.details) > 1 or problem.allowed is not None]
    for problem in shown:
        _show_problem(out, problem)
    if error.where and not any(problem.where for problem in shown):
        out.print(Text(f"  at {error.where}", style="dim"))
    if error.hint and error.hint not in [problem.hint for problem in shown]:
        out.print(Text.assemble(("hint", "bold cyan"), f" {error.hint}"))


def _show_problem(out: Console, problem: Problem) -> None:
    from rich.text import Text

    given = "" if problem.given is None else f" (given {_short(problem.given)})"
    out.print(Text.assemble("  ", (problem.field or "·", "bold"), f" {problem.message}{given}"))
    if problem.allowed is not None:
        out.print(Text(f"      allowed: {allowed_text(problem.allowed)}", style="dim"))
    if problem.hint:
        out.print(Text(f"      {problem.hint}", style="cyan"))
    if problem.where:
        out.print(Text(f"      at {problem.where}", style="dim"))


def allowed_text(allowed: Any) -> str:
    """What is allowed, for a reader: `10 to 50 in steps of 1`, or the options in a row."""
    if isinstance(allowed, dict) and {"min", "max"} & allowed.keys():
        low, high, step = (allowed.get(name) for name in ("min", "max", "step"))
        span = (
            f"{low} to {high}"
            if low is not None and high is not None
            else f"{'at least' if high is None else 'at most'} {low if high is None else high}"
        )
        return span + (f" in steps of {step}" if step else "")
    if isinstance(allowed, list | tuple):
        return ", ".join(str(one) for one in allowed)
    return str(allowed)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"
