"""`civgen add-license`: a licence, and what follows from it, as one file."""

from __future__ import annotations

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
_KIND = "civgen.scaffold.answers:LicenseAnswers"


@app.command()
@answers(Addition, CHECKED, workspace=True)
@asks(_KIND)
@spread
def add_license(
    how: AddOptions,
    name: Annotated[
        str | None, typer.Argument(help="Its name, for instance 'Apache 2.0'.", show_default=False)
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where it can be read.")] = None,
    id: Annotated[int | None, typer.Option(metavar="N", help="Its id, by default the next free one.")] = None,
    disable_mature: Annotated[
        bool, typer.Option("--disable-mature", help="It forbids mature content.")
    ] = False,
    non_commercial: Annotated[
        bool, typer.Option("--non-commercial", help="It forbids commercial use.")
    ] = False,
    notice: Annotated[
        bool, typer.Option("--notice", help="A notice must stand with what it covers.")
    ] = False,
    powered_by: Annotated[
        bool, typer.Option("--powered-by", help="'Powered by' must stand with what it covers.")
    ] = False,
    distinct: Annotated[
        bool, typer.Option("--distinct", help="A name or URL that is almost another's is meant.")
    ] = False,
) -> None:
    """Add a licence that base models can name."""
    given = {
        "name": name,
        "url": url,
        "id": id,
        "disable_mature": disable_mature or None,
        "non_commercial": non_commercial or None,
        "notice": notice or None,
        "powered_by": powered_by or None,
        "distinct": distinct or None,
    }
    carry_out(given, how, _make, "name", command="add-license", kind=_KIND)


def _make(root: Path, said: dict[str, Any], dry_run: bool) -> Outcome:
    from civgen.scaffold.answers import LicenseAnswers, answers_of
    from civgen.scaffold.license import add_license as added

    return added(root, answers_of(LicenseAnswers, said), dry_run=dry_run)
