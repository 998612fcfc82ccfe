"""Run every benchmark of this folder and print one table."""

from __future__ import annotations

import importlib
import pkgutil

import benchmarks
from benchmarks.measure import compiled


def main() -> None:
    """Measure, and print."""
    compiled()
    print(f"{'what':<28} {'civgen':>12} {'peer':>12}   times  peer is")
    for module in pkgutil.iter_modules(benchmarks.__path__):
        benchmark = importlib.import_module(f"benchmarks.{module.name}")
        for row in benchmark.rows() if hasattr(benchmark, "rows") else ():
            ours, theirs = (f"{value:,.0f} {row.unit}"[:14] for value in (row.ours, row.theirs))
            print(f"{row.what:<28} {ours:>12} {theirs:>12} {row.ratio:>6.1f}×  {row.peer}")


if __name__ == "__main__":
    main()
