"""Start-up of civgen beside a bare Typer program with one command."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, in_turns, once

BARE = """
import typer
app = typer.Typer()

@app.command()
def main(name: str = "x"):
    print(name)

app()
"""


def rows() -> Iterator[Row]:
    """Time `--version`, `--help` and a listing."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        peer = [sys.executable, str(bare), "--help"]
        for words in (["--version"], ["--help"], ["list"]):
            ours, theirs = in_turns([[sys.executable, "-m", "civgen", *words], peer])
            yield Row(f"civgen {' '.join(words)}", ours, "bare Typer program --help", theirs, "ms")
    yield from _forms()


def _forms() -> Iterator[Row]:
    """Showing the form that takes longest, beside `--version`, which imports nothing, and bare imports."""
    from civgen.catalog import Catalog

    able = [one.key for one in Catalog().all_ecosystems() if one.engine]
    words = {key: [sys.executable, "-m", "civgen", "form", "show", "-e", key] for key in able}
    slowest = max(able, key=lambda key: once(words[key]))
    peers = {
        "civgen --version": [sys.executable, "-m", "civgen", "--version"],
        "import typer, pydantic": [sys.executable, "-c", "import typer, pydantic"],
        "bare Typer command": [sys.executable, "-c", BARE],
    }
    ours, *theirs = in_turns([words[slowest], *peers.values()])
    for peer, taken in zip(peers, theirs, strict=True):
        yield Row(f"form show -e {slowest}", ours, peer, taken, "ms")
