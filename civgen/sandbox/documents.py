"""What the sandbox answers: workflows, steps, jobs and blobs as JSON, at one time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from civgen.sandbox.links import Links
from civgen.sandbox.outputs import Output, output_json, outputs_of
from civgen.sandbox.record import Charge, Record, paid
from civgen.sandbox.timeline import Moment, Slot, overall

_MATURE_CONTENT = "MatureContent"
_COPIED = ("metadata", "arguments", "callbacks", "currencies", "upgradeMode")
_COPIED_WHEN_GIVEN = ("nsfwLevel", "experimental", "allowMatureContent", "ephemeral", "externalId")


def workflow_json(
    record: Record, links: Links, *, hide_mature: bool, insufficient: bool = False
) -> dict[str, Any]:
    """A workflow at `links.now`; a whatif has no id, for there is nothing to ask for again.

    Args:
        insufficient: of a whatif, whether there is less Buzz than it would take.
    """
    moments = record.moments(links.now)
    whole = overall(moments)
    stored_id = None if record.kind == "whatif" else record.id
    template = record.template
    moved = [charge for charge in record.charges if stored_id is None or charge.at <= links.now]
    return {
        "id": stored_id,
        "createdAt": time_text(record.created),
        **({} if stored_id is None else _state(whole)),
        "status": "unassigned" if stored_id is None else whole.status,
        "steps": [
            step_json(record, n, moments[n], links, hide_mature=hide_mature) for n in range(len(moments))
        ],
        "tags": record.tags,
        "tips": template.get("tips") or {"civitai": 0, "creators": 0},
        "cost": record.cost,
        "transactions": {"list": [_transaction(one, n, stored_id) for n, one in enumerate(moved)]}
        | ({"insufficientBuzz": insufficient} if stored_id is None else {}),
        "forceRefunded": False,
        **{name: template[name] for name in _COPIED},
        **{name: template[name] for name in _COPIED_WHEN_GIVEN if template.get(name) is not None},
    }


def step_json(
    record: Record, number: int, moment: Moment, links: Links, *, hide_mature: bool
) -> dict[str, Any]:
    """One step of a workflow."""
    step = record.template["steps"][number]
    document: dict[str, Any] = {"priority": "normal", "metadata": {}, **step}
    outputs = list(outputs_of(step))
    if record.kind == "whatif":
        job = {"status": "unassigned", "queuePosition": {"support": "available"}}
        return {**document, "status": "unassigned", "jobs": [{"id": "", "cost": len(outputs), **job}]}
    state = {"status": moment.status, **_state(moment)}
    queue = (
        {} if moment.preceding is None else {"queuePosition": _place(moment.preceding, record.slots[number])}
    )
    document |= {**state, "jobs": [{"id": job_id(record, number), "cost": len(outputs), **state, **queue}]}
    if moment.status == "succeeded":
        blobs = [made_blob(record, number, one, links, hide_mature=hide_mature) for one in outputs]
        document["output"] = output_json(step["$type"], blobs)
    return document


def made_blob(
    record: Record, step: int, output: Output, links: Links, *, hide_mature: bool = False
) -> dict[str, Any]:
    """A file that a step gave."""
    blob_id = f"{record.id}-{step}-{output.number}.{output.ending}"
    width, height = output.size
    about = {"jobId": job_id(record, step), "nsfwLevel": output.nsfw_level, "width": width, "height": height}
    reason = blocked_reason(record, output, links.now)
    if reason is not None or (output.is_mature and (hide_mature or record.withholds_mature(links.now))):
        blocked = {"blockedReason": reason} if reason else {}
        return {"type": output.kind, "id": blob_id, "available": False, **about, **blocked}
    return {**blob_json(output.kind, blob_id, links), **about}


def blocked_reason(record: Record, output: Output, now: float) -> str | None:
    """Why a file is kept back; what other Buzz would show has a reason only if green had paid for it."""
    if output.blocked:
        return output.blocked
    by_green = "green" in paid(charge for charge in record.charges if charge.at <= now)
    return _MATURE_CONTENT if output.is_mature and by_green and record.withholds_mature(now) else None


def blob_json(kind: str, blob_id: str, links: Links) -> dict[str, Any]:
    """A file that can be had."""
    url = {"url": links.blob(blob_id), "urlExpiresAt": time_text(links.expiry)}
    return {"type": kind, "id": blob_id, "available": True, **url}


def job_id(record: Record, step: int) -> str:
    """A step has one job."""
    return f"{record.id}-{step}"


def _transaction(charge: Charge, number: int, workflow_id: str | None) -> dict[str, Any]:
    about = {} if workflow_id is None else {"id": f"{workflow_id}-{number}-{charge.kind}"}
    return {"type": charge.kind, "amount": charge.amount, "accountType": charge.currency, **about}


def _place(preceding: int, slot: Slot) -> Mapping[str, Any]:
    turn = {"startAt": time_text(slot.work_begins), "completeAt": time_text(slot.ends)}
    return {"support": "available", "precedingJobs": preceding, **turn}


def _state(moment: Moment) -> dict[str, Any]:
    times = {"startedAt": moment.started, "completedAt": moment.completed}
    state: dict[str, Any] = {name: time_text(time) for name, time in times.items() if time is not None}
    return state if moment.progress is None else {**state, "estimatedProgressRate": moment.progress}


def time_text(seconds: float) -> str:
    """A second of the epoch as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
