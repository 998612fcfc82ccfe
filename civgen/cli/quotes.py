"""What a price and a job look like to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.cli.output import console

if TYPE_CHECKING:
    from civgen.jobs.submit import Quote
    from civgen.orchestrator.answers import Cost, Workflow


def show_quote(quote: Quote) -> None:
    """Print a price with all that is said of it, and what is not."""
    from rich.text import Text

    out = console()
    out.print(Text.assemble(("cost       ", "bold"), (_total(quote.cost), "bold green"), _source(quote.cost)))
    if parts := _parts(quote.cost):
        out.print(Text("           " + "  ".join(parts), style="dim"))
    if quote.currencies:
        out.print(Text.assemble(("paid in    ", "bold"), by_currency(quote.currencies)))
    out.print(Text.assemble(("published  ", "bold"), _published(quote)))
    if quote.is_covered is False:
        out.print(Text.assemble(("balance    ", "bold"), ("does not cover it", "bold red")))
    elif quote.is_covered:
        out.print(Text.assemble(("balance    ", "bold"), "covers it"))
    out.print(Text("not checked", style="bold"))
    for point in quote.not_checked:
        out.print(Text(f"  · {point}"))


def show_workflow(workflow: Workflow, files: Sequence[Path]) -> None:
    """Print a job and its files."""
    from rich.text import Text

    out = console()
    out.print(Text.assemble((workflow.id or "", "bold"), f" {workflow.status}"))
    for path in files:
        out.print(Text(f"  {path}  {path.stat().st_size} bytes"))


def by_currency(taken: Mapping[str, float]) -> str:
    """Buzz by its colour, in words."""
    return ", ".join(f"{amount:.12g} {colour}" for colour, amount in taken.items())


def buzz(amount: float, unknown: int) -> str:
    """What many things cost, in words; `unknown` of them are not in the amount."""
    return f"{amount:.12g} Buzz" + (f", and {unknown:,} of unknown price" if unknown else "")


def _total(cost: Cost) -> str:
    return "unknown" if cost.total is None else f"{cost.total:.12g} Buzz"


def _source(cost: Cost) -> str:
    kind = "not published" if cost.total is None else "an estimate" if cost.estimate else "an answer"
    return f"  ({kind}, from {cost.source or 'the orchestrator'})"


def _parts(cost: Cost) -> list[Any]:
    parts = [f"base {cost.base:.12g}"] if cost.base is not None else []
    parts += [f"{name} ×{factor:.4g}" for name, factor in cost.factors.items()]
    return parts + [f"{name} +{amount:.12g}" for name, amount in cost.fixed.items()]


def _published(quote: Quote) -> str:
    if quote.offline is None:
        return "nothing"
    difference = quote.difference
    said = "" if difference is None else "  (the same)" if not difference else f"  ({difference:+g} is asked)"
    return f"{quote.offline} Buzz{said}"
