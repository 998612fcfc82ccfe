"""The catalogue's files: whether each of them can be read. What must agree is for `civgen lint`."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.cli.doctor.finding import Finding, from_error, ok
from civgen.cli.doctor.scene import Scene

ORDER = 30


def check(scene: Scene) -> Iterator[Finding]:
    """Which files cannot be read, else what there is."""
    from civgen.catalog import Catalog
    from civgen.engines.registry import Engines

    scanned = {name: shelf.scan() for name, shelf in Catalog(scene.root).shelves.items()}
    errors = [error for _, some in scanned.values() for error in some]
    for error in errors:
        yield from from_error(error, do="civgen lint")
    engines = Engines(scene.root / "engines" if scene.root else None)
    if not errors:
        yield ok(f"{len(scanned['ecosystems'][0])} ecosystems, {len(engines)} engines; every file is read")
