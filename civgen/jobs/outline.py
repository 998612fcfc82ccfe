"""A job in few words: where it went, how it stands, what came of it and may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from civgen.jobs.levels import judge
from civgen.jobs.realised import charge_of
from civgen.orchestrator.answers import Step, Workflow

#: Tags that a submission of civgen or the platform always has, and that so say nothing.
_USUAL = frozenset({"civitai", "civgen", "gen", "img", "vid", "aud"})


def outline(workflow: Workflow, max_level: str | None = None) -> dict[str, Any]:
    """An entry of `civgen jobs list`.

    Args:
        max_level: highest level of results that may be shown; None for any.
    """
    params = workflow.metadata.get("params")
    said: dict[str, Any] = params if isinstance(params, dict) else {}
    verdicts = [judge(blob, workflow, max_level) for blob in workflow.blobs]
    return {
        "id": workflow.id,
        "status": workflow.status,
        "createdAt": _moment(workflow.created_at),
        "completedAt": _moment(workflow.completed_at),
        "ecosystem": said.get("ecosystem"),
        "workflow": said.get("workflow"),
        "prompt": said.get("prompt"),
        "results": len(verdicts),
        "keptBack": sum(verdict.reason is not None for verdict in verdicts),
        "cost": workflow.cost.total,
        "charged": charge_of(workflow),
        "tags": [tag for tag in workflow.tags if tag not in _USUAL],
    }


def full(workflow: Workflow, max_level: str | None = None) -> dict[str, Any]:
    """The document of `civgen jobs show`; a result that is not shown has no address in it."""
    return {
        **outline(workflow, max_level),
        "externalId": workflow.external_id,
        "allowMatureContent": workflow.allow_mature_content,
        "nsfwLevel": workflow.nsfw_level,
        "currencies": list(workflow.currencies),
        "transactions": [one.model_dump(exclude={"raw", "id"}) for one in workflow.transactions.list],
        "steps": [_step(step) for step in workflow.steps],
        "outputs": list(_outputs(workflow, max_level)),
    }


def _step(step: Step) -> dict[str, Any]:
    times = {"startedAt": _moment(step.started_at), "completedAt": _moment(step.completed_at)}
    about = {"name": step.name, "type": step.type, "status": step.status, "priority": step.priority}
    return {**about, **times, "input": step.input}


def _outputs(workflow: Workflow, max_level: str | None) -> Iterator[dict[str, Any]]:
    for number, blob in enumerate(workflow.blobs, start=1):
        verdict = judge(blob, workflow, max_level)
        about = {
            "number": number,
            "id": blob.id,
            "type": blob.type,
            "width": blob.width,
            "height": blob.height,
        }
        address = {"url": blob.url, "urlExpiresAt": _moment(blob.url_expires_at)}
        yield {**about, **verdict.as_json(), **({} if verdict.reason else address)}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
