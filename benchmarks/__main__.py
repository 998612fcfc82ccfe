"""Run every benchmark of this folder, or those named, and print a table."""

from __future__ import annotations

import argparse
import importlib
import pkgutil

import benchmarks
from benchmarks.measure import compiled


def main() -> None:
    """Measure, and print a line as soon as it is known."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, beside named peers.")
    parser.add_argument("only", nargs="*", metavar="NAME", choices=[[], *names], help=", ".join(names))
    only = parser.parse_args().only or names
    compiled()
    print(f"{'what':<28} {'civgen':>12} {'peer':>12}   times  peer is")
    for name in only:
        benchmark = importlib.import_module(f"benchmarks.{name}")
        for row in benchmark.rows() if hasattr(benchmark, "rows") else ():
            ours, theirs = (f"{value:,.0f} {row.unit}"[:14] for value in (row.ours, row.theirs))
            print(f"{row.what:<28} {ours:>12} {theirs:>12} {row.ratio:>6.1f}×  {row.peer}", flush=True)


if __name__ == "__main__":
    main()
