"""`civgen form preview`: the form of an ecosystem as a page to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civgen.cli.options import ContextOptions, RequestOptions, spread
from civgen.cli.output import emit, note
from civgen.cli.state import state
from civgen.files import usable


@spread
def preview(
    options: RequestOptions,
    context: ContextOptions,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write, by default ECOSYSTEM.form.html here."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
) -> None:
    """Write the form as one HTML page that works on its own, with the payload and its price."""
    from civgen.jobs.page import form_page

    platform = state().platform(context.tier, context.feature)
    raw = options.raw(platform)
    note("Finding out how payload and price follow from the form …")
    page = form_page(raw, platform, context.records(), state().environment.currencies)
    file = out or Path(f"{page.ecosystem}.form.html")
    existed = file.exists()
    with usable(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        size = file.write_text(page.html, encoding="utf-8") and file.stat().st_size
    answer = {"file": str(file), "bytes": size, "exact": page.exact, "unsure": page.unsure}
    emit(answer, lambda: note(_said(file, size, page.unsure, existed=existed)))
    if open_:
        typer.launch(file.resolve().as_uri())


def _said(file: Path, size: int, unsure: list[str], *, existed: bool) -> str:
    written = f"{'Replaced' if existed else 'Wrote'} {file} ({size / 1000:.0f} kB)."
    if not unsure:
        return f"{written} Payload and price are exact for every workflow key and version."
    places = ", ".join(unsure)
    return (
        f"{written} A part of the payload is left to `civgen preview` for {places}; the page says so there."
    )
