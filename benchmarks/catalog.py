"""Loading the catalogue: all of it, and whether it grows linearly, beside plain parsing of the same files."""

from __future__ import annotations

import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Row

SIZES = (70, 700, 7000)
FILE = """\
key = "Eco{n}"
id = {id}
name = "Ecosystem {n}"
description = "One of many."
engine = "text-to-image"
workflows = ["txt2img"]

[[base_models]]
id = {id}
name = "Base {n}"
media = "image"
license = "Apache 2.0"

[support]
generation = ["Checkpoint", "LORA"]

[[versions]]
id = {version}
label = "v1"
default = true

[form.steps]
min = 10
max = 40
default = 20
"""


def rows() -> Iterator[Row]:
    """CPU milliseconds of a load, beside `tomllib` alone on the same files."""
    from civgen.catalog import Catalog
    from civgen.catalog.files import BUILT_IN

    def load(folder: Path | None) -> None:
        for shelf in Catalog(folder).shelves.values():
            len(shelf)

    def parse(folder: Path) -> None:
        for path in folder.rglob("*.toml"):
            tomllib.loads(path.read_text(encoding="utf-8"))

    peer = "tomllib alone on the same files"
    yield Row("the built-in catalogue", _cpu(lambda: load(None)), peer, _cpu(lambda: parse(BUILT_IN)), "ms")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "ecosystems").mkdir()
            for n in range(size):
                text = FILE.format(n=n, id=100_000 + n, version=9_000_000 + n)
                (folder / "ecosystems" / f"Eco{n}.toml").write_text(text)
            ours, theirs = _cpu(lambda f=folder: load(f)), _cpu(lambda f=folder: parse(f))
            yield Row(f"and {size} files more", ours, peer, theirs, "ms")


def _cpu(work: Callable[[], None], runs: int = 3) -> float:
    """CPU milliseconds, the best of a few runs."""
    taken = []
    for _ in range(runs):
        started = time.process_time()
        work()
        taken.append((time.process_time() - started) * 1000)
    return min(taken)
