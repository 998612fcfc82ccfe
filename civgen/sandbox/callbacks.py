"""Callbacks of a workflow: which events there will be, and what is told of them.

What happens when is decided when a workflow is submitted or cancelled, so the events are read off its record;
how many of them were delivered is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from civgen.errors import Problem
from civgen.orchestrator.addresses import is_loopback
from civgen.sandbox.documents import job_id, time_text, workflow_json
from civgen.sandbox.links import Links
from civgen.sandbox.outputs import outputs_of
from civgen.sandbox.record import Record
from civgen.sandbox.timeline import Moment, overall, turning_points

#: So that a time read off the plan is not just before itself.
_JUST_AFTER = 1e-6
_STEP_DETAILS = ("name", "status", "startedAt", "completedAt", "metadata", "input", "output")


class Event(NamedTuple):
    """A status that a workflow, a step or a job comes to.

    Attributes:
        level: `workflow`, `step` or `job`.
        step: its number; of a workflow -1.
        at: seconds of the epoch.
    """

    level: str
    step: int
    status: str
    at: float


class Delivery(NamedTuple):
    """An event that a callback of a workflow is to be told."""

    url: str
    event: Event
    detailed: bool


def check_callbacks(body: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the URLs of callbacks: they must be https, or on this machine."""
    return [
        Problem(f"callbacks[{n}].url", "must be https, or on this machine", one["url"])
        for n, one in enumerate(body.get("callbacks") or [])
        if not (one["url"].lower().startswith("https://") or is_deliverable(one["url"]))
    ]


def is_deliverable(url: str) -> bool:
    """Whether the sandbox delivers there: to this machine alone."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "")


def deliveries(record: Record) -> list[Delivery]:
    """What will be delivered of a workflow, in order; cancelling changes only what is yet to come."""
    callbacks = [one for one in record.template["callbacks"] if is_deliverable(one["url"])]
    return [
        Delivery(one["url"], event, bool(one.get("detailed")))
        for event in (_events(record) if callbacks else ())
        for one in callbacks
        if not {f"{event.level}:*", f"{event.level}:{event.status}"}.isdisjoint(one["type"])
    ]


def document(record: Record, told: Delivery, links: Links) -> dict[str, Any]:
    """The body of a delivery.

    Args:
        links: at the time of the event.
    """
    event = told.event
    about: dict[str, Any] = {"workflowId": record.id, "status": event.status}
    if event.level == "workflow":
        moment = {"timestamp": time_text(event.at)}
        details = {"details": _workflow_details(record, links)} if told.detailed else {}
        return {"$type": "workflow", **about, **moment, **details}
    name = record.template["steps"][event.step]["name"]
    if event.level == "step":
        details = {"details": _step_details(record, event.step, links)} if told.detailed else {}
        return {"$type": "step", **about, "name": name, **details}
    outputs = list(outputs_of(record.template["steps"][event.step])) if event.status == "succeeded" else []
    blocked = next((one.blocked for one in outputs if one.blocked), None)
    more: dict[str, Any] = {"blockedReason": blocked} if blocked else {}
    more |= {"matureContent": any(one.is_mature for one in outputs)} if outputs else {}
    return {"$type": "job", **about, "stepName": name, "jobId": job_id(record, event.step), **more}


def _events(record: Record) -> Iterator[Event]:
    before: list[str] = [""] * len(record.slots)
    whole = ""
    for at in turning_points(record.slots, record.created, record.canceled):
        moments = record.moments(at + _JUST_AFTER)
        yield from _of_steps(before, moments, at)
        before, now = [one.status for one in moments], overall(moments).status
        if now != whole:
            yield Event("workflow", -1, now, at)
        whole = now


def _of_steps(before: Sequence[str], moments: Sequence[Moment], at: float) -> Iterator[Event]:
    for step, (was, one) in enumerate(zip(before, moments, strict=True)):
        if one.status != was:
            yield Event("job", step, one.status, at)
            yield Event("step", step, one.status, at)


def _workflow_details(record: Record, links: Links) -> dict[str, Any]:
    whole = workflow_json(record, links, hide_mature=False)
    named = ("metadata", "arguments", "createdAt", "startedAt", "completedAt")
    steps = [_named(step, _STEP_DETAILS) for step in whole["steps"]]
    return {**_named(whole, named), "steps": steps}


def _step_details(record: Record, number: int, links: Links) -> dict[str, Any]:
    step = workflow_json(record, links, hide_mature=False)["steps"][number]
    named = ("startedAt", "completedAt", "estimatedProgressRate", "metadata", "input", "output")
    return {"retries": 0, **_named(step, named)}


def _named(document: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: document[name] for name in names if name in document}
