"""Start-up of civgen beside a bare Typer program with one command."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, in_turns

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
