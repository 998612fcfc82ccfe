"""How a command is timed: as a whole process, several times, in turns with its peer."""

from __future__ import annotations

import compileall
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Row:
    """One line of the report: a figure, a peer's, and how many times better ours is."""

    what: str
    ours: float
    peer: str
    theirs: float
    unit: str

    @property
    def ratio(self) -> float:
        """Above 1 means that civgen is better."""
        less_is_better = self.unit in ("ms", "MB")
        return self.theirs / max(self.ours, 0.1) if less_is_better else self.ours / self.theirs


def most_memory() -> float:
    """The most that this process has had, in MB.

    Linux counts into `ru_maxrss` what the process was forked from; `VmHWM` begins with the program.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def compiled() -> None:
    """Compile the package once, so that no run pays for it."""
    compileall.compile_dir(ROOT / "civgen", quiet=1)


def in_turns(commands: Sequence[Sequence[str]], runs: int = 9) -> list[float]:
    """Median milliseconds of each command, run in turns so that noise falls on all alike."""
    taken: list[list[float]] = [[] for _ in commands]
    for _ in range(runs):
        for command, times in zip(commands, taken, strict=True):
            times.append(once(command))
    return [statistics.median(times) for times in taken]


def once(command: Sequence[str], stdin: str | None = None) -> float:
    """Milliseconds of one run."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=environment)
    taken = (time.perf_counter() - started) * 1000
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return taken
