"""How a workflow goes: decided when it is submitted, and read off the clock afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from civgen.orchestrator.answers import TERMINAL

#: Seconds that a workflow takes at speed 1.
SECONDS = 1.0
#: What a step is while it goes on, and from which part of its time.
_PHASES = (("unassigned", 0.0), ("preparing", 0.1), ("scheduled", 0.2), ("processing", 0.4))
_WORK_BEGINS = _PHASES[-1][1]
#: Jobs that are pretended to stand before each one when it comes.
_QUEUE = 3
_ENDS = {"fail": "failed", "expire": "expired"}
_END_WORDS = re.compile(r"\[sandbox:(fail|expire)\]")


class Slot(NamedTuple):
    """When a step has its turn, as seconds of the epoch, and which terminal status that brings."""

    starts: float
    ends: float
    outcome: str

    @property
    def work_begins(self) -> float:
        """When waiting turns into processing."""
        return self.starts + _WORK_BEGINS * (self.ends - self.starts)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a step or a workflow is at one time; times are seconds of the epoch."""

    status: str
    started: float | None = None
    completed: float | None = None
    progress: float | None = None
    preceding: int | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in TERMINAL


def plan(steps: Sequence[Mapping[str, Any]], now: float, seconds: float) -> list[Slot]:
    """The turn of each step: one that refers to others comes after them, the rest go at once.

    A reference to what is no earlier step fails; what hangs on a step without success is cancelled.
    """
    needs = _needs(steps)
    layers: list[int] = []
    for n, needed in enumerate(needs):
        layers.append(1 + max((layers[one] for one in needed if one < n), default=-1))
    each = seconds / (max(layers) + 1)
    slots: list[Slot] = []
    for n, needed in enumerate(needs):
        before = [slots[one] for one in needed if one < n]
        starts = now + each * layers[n]
        if any(slot.outcome != "succeeded" for slot in before):
            slots.append(Slot(starts, starts, "canceled"))
        else:
            impossible = any(one >= n for one in needed)
            slots.append(Slot(starts, starts + each, "failed" if impossible else _outcome(steps[n])))
    return slots


def moment(slot: Slot, now: float, canceled: float | None) -> Moment:
    """A step at a time, if the workflow was cancelled at `canceled`."""
    seen = now if canceled is None else min(now, canceled)
    started = slot.work_begins if seen >= slot.work_begins and slot.ends > slot.starts else None
    if seen >= slot.ends:
        return Moment(slot.outcome, started, slot.ends)
    if canceled is not None and now >= canceled:
        return Moment("canceled", started, canceled)
    part = max(0.0, seen - slot.starts) / ((slot.ends - slot.starts) or 1)
    status = [name for name, begins in _PHASES if part >= begins][-1]
    if started is not None:
        return Moment(status, started, progress=(part - _WORK_BEGINS) / (1 - _WORK_BEGINS))
    return Moment(status, preceding=ceil(_QUEUE * (1 - part / _WORK_BEGINS)))


def turning_points(slots: Sequence[Slot], created: float, canceled: float | None) -> list[float]:
    """Every time at which a status may change, in order."""
    stop = float("inf") if canceled is None else canceled
    times = {created} if canceled is None else {created, canceled}
    for slot in slots:
        lasts = slot.ends - slot.starts
        times |= {slot.starts + begins * lasts for _, begins in _PHASES} | {slot.ends}
    return sorted(time for time in times if created <= time <= stop)


def overall(moments: Sequence[Moment]) -> Moment:
    """A workflow, from its steps."""
    started = min((one.started for one in moments if one.started is not None), default=None)
    if all(one.is_terminal for one in moments):
        status = next((bad for bad in ("failed", "expired", "canceled") if _any(moments, bad)), "succeeded")
        return Moment(status, started, max(one.completed for one in moments if one.completed is not None))
    if started is not None:
        return Moment("processing", started)
    return Moment(max((one.status for one in moments), key=[name for name, _ in _PHASES].index))


def _any(moments: Sequence[Moment], status: str) -> bool:
    return any(one.status == status for one in moments)


def _needs(steps: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """For each step the numbers of those it refers to; its own number stands for one that is not there."""
    places = {f"${n}": n for n in range(len(steps))} | {step["name"]: n for n, step in enumerate(steps)}
    return [[places.get(name, n) for name in _references(step["input"])] for n, step in enumerate(steps)]


def _outcome(step: Mapping[str, Any]) -> str:
    found = _END_WORDS.search(json.dumps(step["input"]))
    return _ENDS[found[1]] if found else "succeeded"


def _references(value: Any) -> Iterator[str]:
    """The steps that an input refers to."""
    if isinstance(value, Mapping):
        target = value.get("$ref")
        if isinstance(target, str) and target != "$arguments":
            yield target
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)
