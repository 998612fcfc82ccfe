"""`civgen submit`: price a request, and run it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.options import ContextOptions, RequestOptions, spread
from civgen.cli.output import confirm, console, emit, note
from civgen.cli.recalling import remember as remember_values
from civgen.cli.state import state

if TYPE_CHECKING:
    from civgen.jobs.media.uploads import Upload
    from civgen.jobs.platform import Platform
    from civgen.jobs.preview import Preview
    from civgen.jobs.submit import Quote
    from civgen.orchestrator.answers import Workflow

app = typer.Typer()


@app.command()
@spread
def submit(
    options: RequestOptions,
    context: ContextOptions,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only ask what it would cost.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end, and download the files.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where --wait puts the files.")] = Path("outputs"),
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Consent to the cost without being asked.")
    ] = False,
    remember: Annotated[
        bool, typer.Option("--remember", help="Keep the values, for a later request --from-last.")
    ] = False,
) -> None:
    """Price a request and run it. The price comes first, and --dry-run stops there.

    Real money needs consent, on a terminal or by --yes; in the sandbox there is none to spend.
    """
    from civgen.jobs.preview import preview

    platform = state().platform(context.tier, context.feature)
    draws = {} if dry_run else {"draw_seed": _drawn_seed}
    currencies = state().environment.currencies
    records = context.records()
    raw = options.raw(platform)
    ready = preview(raw, platform, records, context.mode, currencies=currencies, **draws)
    for repair in ready.repairs:
        note(f"repaired {repair.field}: {repair.given!r} -> {repair.to!r} ({repair.why})")
    for read in ready.request.media.read:
        note(f"read {read}")
    submitted = partial(remember_values, raw, ready, platform) if remember else None
    emit(*asyncio.run(_run(ready, platform, dry_run=dry_run, wait=wait, out=out, yes=yes, after=submitted)))


async def _run(
    ready: Preview,
    platform: Platform,
    *,
    dry_run: bool,
    wait: bool,
    out: Path,
    yes: bool,
    after: Callable[[], None] | None = None,
) -> Any:
    from civgen.jobs.submit import fetch, finish, quote
    from civgen.jobs.submit import submit as submitted
    from civgen.sandbox.connect import connect

    environment = state().environment
    async with connect(environment, state().workspace) as client:
        price = await quote(ready, client, platform, environment)
        if dry_run:
            return price.as_json(), lambda: _show_quote(price)
        _consent(price, yes=yes)
        if wait:
            out.mkdir(parents=True, exist_ok=True)  # what cannot be kept must not be made
        uploads: list[dict[str, Any]] = []
        workflow = await submitted(ready, client, _journal(), environment, partial(_say_upload, uploads))
        if after:
            after()
        done = ready.request.media.waiting
        price = replace(price, not_checked=[point for point in price.not_checked if point not in done])
        if not wait:
            note(f"Submitted {workflow.id}; `civgen submit --wait` would have waited for its files.")
            return _answer(workflow, price, uploads), lambda: _show_workflow(workflow, [])
        state().document = _answer(
            workflow, price, uploads
        )  # whatever goes wrong now, the handle is not lost
        workflow = await finish(workflow, client, lambda one: note(f"{one.id} {one.status}"))
        files = await fetch(workflow, client, out)
        return _answer(workflow, price, uploads, files), lambda: _show_workflow(workflow, files)


def _consent(price: Quote, *, yes: bool) -> None:
    """Ask before money is spent; in the sandbox there is none to spend."""
    total = "an unknown amount of" if price.cost.total is None else f"{price.cost.total:g}"
    charged = ", in the sandbox, where nothing is charged" if state().environment.is_sandbox else ""
    note(f"This costs {total} Buzz{charged}.")
    if not yes and not state().environment.is_sandbox:
        confirm(f"Submit for {total} Buzz?")


def _journal() -> Any:
    from civgen.jobs.journal import Journal

    return Journal(state().workspace.state / "journal.sqlite")


def _drawn_seed() -> int:
    from random import SystemRandom

    from civgen.jobs.preview import HIGHEST_DRAWN_SEED

    return SystemRandom().randint(1, HIGHEST_DRAWN_SEED)


def _say_upload(uploads: list[dict[str, Any]], done: Upload) -> None:
    uploads.append(done.as_json())
    note(f"Uploaded {done.source} as blob {done.blob.id}.")


def _answer(
    workflow: Workflow, price: Quote, uploads: list[dict[str, Any]], files: Sequence[Path] = ()
) -> dict[str, Any]:
    about = {"id": workflow.id, "externalId": workflow.external_id, "status": workflow.status}
    return {**about, **price.as_json(), "uploads": uploads, "files": [str(path) for path in files]}


def _show_quote(price: Quote) -> None:
    from rich.text import Text

    out = console()
    cost = price.cost
    total = "unknown" if cost.total is None else f"{cost.total:g} Buzz"
    kind = "not published" if cost.total is None else "an estimate" if cost.estimate else "an answer"
    out.print(
        Text.assemble(
            ("cost ", "bold"), (total, "bold green"), f"  ({kind}, from {cost.source or 'the orchestrator'})"
        )
    )
    parts = [f"base {cost.base:g}"] if cost.base is not None else []
    parts += [f"{name} ×{factor:.4g}" for name, factor in cost.factors.items()]
    parts += [f"{name} +{amount:g}" for name, amount in cost.fixed.items()]
    if parts:
        out.print(Text("     " + "  ".join(parts), style="dim"))
    published = "nothing" if price.offline is None else f"{price.offline} Buzz"
    out.print(Text.assemble(("published ", "bold"), published))
    out.print(Text("not checked", style="bold"))
    for point in price.not_checked:
        out.print(Text(f"  · {point}"))


def _show_workflow(workflow: Workflow, files: list[Path]) -> None:
    from rich.text import Text

    out = console()
    out.print(Text.assemble((workflow.id or "", "bold"), f" {workflow.status}"))
    for path in files:
        out.print(Text(f"  {path}  {path.stat().st_size} bytes"))
