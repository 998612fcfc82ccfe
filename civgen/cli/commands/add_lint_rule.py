"""`civgen add-lint-rule`: a rule of civgen's own, as one module in a checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.adding import CHECKED, AddOptions, asks, carry_out
from civgen.cli.answers import answers
from civgen.cli.options import spread
from civgen.results.added import Addition

if TYPE_CHECKING:
    from civgen.scaffold.outcome import Outcome

app = typer.Typer(add_completion=False)
_KIND = "civgen.scaffold.answers:RuleAnswers"


@app.command()
@answers(Addition, CHECKED)
@asks(_KIND)
@spread
def add_lint_rule(
    how: AddOptions,
    name: Annotated[
        str | None, typer.Argument(help="The code in words, for instance notice-said.", show_default=False)
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="RECORD", help="What it looks at: ecosystem, base-model or version.")
    ] = None,
    field: Annotated[str | None, typer.Option(metavar="KEY", help="The key that must be said.")] = None,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="What goes wrong without.")] = None,
    summary: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What holds, in a line that ends with a full stop.")
    ] = None,
    example: Annotated[
        str | None, typer.Option(metavar="VALUE", help="A value of the key that is right, as JSON or text.")
    ] = None,
    severity: Annotated[str | None, typer.Option(metavar="NAME", help="error, warning or notice.")] = None,
    code: Annotated[
        str | None,
        typer.Option(metavar="CIVnnn", help="Its code, by default the next free one of its group."),
    ] = None,
    group: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="First digit of the code: 1 names, 2 forms, 3 payloads, 4 rows, 5 code."
        ),
    ] = None,
    into: Annotated[
        Path, typer.Option(metavar="DIR", help="Checkout of civgen, by default the one you are in.")
    ] = Path(),
) -> None:
    """Add a rule to a checkout of civgen; its Bad and Good examples are run as tests.

    It works as it is, for a key that must be said. A workspace has no rules of its own.
    """
    from civgen.scaffold.rule import checkout

    given = {
        "name": name,
        "on": on,
        "field": field,
        "why": why,
        "summary": summary,
        "example": _value(example),
        "severity": severity,
        "code": code,
        "group": group,
    }
    carry_out(given, how, _make, "name", command="add-lint-rule", kind=_KIND, root=checkout(into))


def _value(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except json.JSONDecodeError:
        return text


def _make(root: Path, said: dict[str, Any], dry_run: bool) -> Outcome:
    from civgen.scaffold.answers import RuleAnswers, answers_of
    from civgen.scaffold.rule import add_lint_rule as added

    return added(root, answers_of(RuleAnswers, said), dry_run=dry_run)
