"""`civgen coverage`: may it generate, through which branch of the rule, and if not, what is missing?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.answers import DATABASE, answers
from civgen.results.coverage import Coverage

if TYPE_CHECKING:
    from civgen.db.answers import Answer

app = typer.Typer()


@app.command()
@answers(Coverage, DATABASE, {7: "with --check: it may not generate"})
def coverage(
    name: Annotated[
        str, typer.Argument(metavar="VERSION_ID|ECOSYSTEM", help="A model version, or all of an ecosystem's.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Exit with 7 when it may not generate.")] = False,
) -> None:
    """Say whether rows let a model version generate, and if not, which row or change would.

    Without a workspace, or a database in it, the answer is what one would say once the plan was applied.
    """
    from civgen.catalog.names import ecosystem_named
    from civgen.cli.again import command
    from civgen.cli.following import suggest
    from civgen.cli.output import emit
    from civgen.cli.state import state
    from civgen.db.answers import answer, answers_of, asked

    current, catalog = state(), state().catalog
    ecosystem = None if name.isdecimal() else ecosystem_named(catalog, name)
    with asked(current.environment, current.workspace.root, catalog) as (connection, place):
        if ecosystem is None:
            found = [answer(connection, catalog, int(name))]
            suggest(*_mending(found[0]))
            emit({**found[0].as_json(), "from": place}, lambda: _show_one(found[0], place))
        else:
            found = answers_of(connection, catalog, ecosystem)
            versions = [one.as_json() for one in found]
            lacking = [str(one.coverage.version) for one in found if not one.coverage.through]
            suggest(*(command("coverage", one) for one in lacking[:1]))
            document = {"ecosystem": ecosystem.key, "from": place, "versions": versions}
            emit(document, lambda: _show_all(found, ecosystem.name, place))
    if check:
        _refuse(found)


def _mending(one: Answer) -> list[str]:
    """The commands that would help a version nearest to being covered; none where it is."""
    from civgen.cli.again import command
    from civgen.cli.following import here

    if one.coverage.through:
        return [command("resource", str(one.coverage.version))]
    helps = [remedy.command for *_, remedy in one.missing if remedy.command]
    return [here(step) for step in helps[0].split(" && ")] if helps else []


def _show_one(one: Answer, place: str) -> None:
    from itertools import groupby

    from civgen.cli.output import console

    # Statements are to be copied, so lines are as long as they are.
    out = console()
    out.print(f"{one.coverage.version}  {one.name}: a {one.type} of {one.base_model}", soft_wrap=True)
    out.print(f"by {place}", soft_wrap=True)
    if through := one.coverage.through:
        out.print(f"It may generate, through the branch {' and '.join(through)}.")
        return
    out.print("It may not generate. All that is missing of one branch would do:")
    for branch, missing in groupby(one.missing, key=lambda entry: entry[0]):
        out.print(f"\n{branch.name}: {len(branch.failing)} of {len(branch.checks)} missing", style="bold")
        for _, check, remedy in missing:
            out.print(f"  {check.asks}", style="dim", soft_wrap=True)
            out.print(f"  → {remedy.change}", soft_wrap=True)
            if remedy.how:
                out.print(f"    {remedy.how}", style="cyan", soft_wrap=True)


def _show_all(found: Sequence[Answer], name: str, place: str) -> None:
    from civgen.cli.output import console, table

    console().print(f"{name}, by {place}")
    rows = []
    for one in found:
        through = one.coverage.through
        nearest = one.missing[:1]
        lacking = [f"{branch.name}: {remedy.change}" for branch, _, remedy in nearest]
        helps = [remedy.how for *_, remedy in nearest]
        answer = "yes" if through else "no"
        rows.append((one.coverage.version, one.name, answer, ", ".join(through), *(lacking or [""]), *helps))
    columns = ("version", "name", "generates", "through", "nearest thing missing", "what would help")
    used = columns if any(one.missing for one in found) else columns[:4]
    table(used, [row[: len(used)] for row in rows])


def _refuse(found: Sequence[Answer]) -> None:
    from civgen.errors import AnswerIsNo

    out = [one for one in found if not one.coverage.through]
    if out:
        names = ", ".join(str(one.coverage.version) for one in out)
        raise AnswerIsNo(
            f"May not generate: {names}.",
            hint=f"`civgen coverage {out[0].coverage.version}` says what is missing.",
        )
