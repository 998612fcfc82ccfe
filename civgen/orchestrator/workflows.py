"""Own workflows: found by what they are, and changed. For an `Orchestrator` that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from civgen.orchestrator.answers import Page
from civgen.orchestrator.client import WORKFLOWS, Orchestrator, path_of, read

#: How many workflows one answer holds unless said otherwise.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Question:
    """Which workflows to list, as the API can tell them apart.

    Attributes:
        tags: all of which they must have. The API's text does not say so, its users rely on it.
        text: what their metadata must hold.
        since, until: when they were made.
    """

    tags: Sequence[str] = ()
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ascending: bool = False
    exclude_failed: bool = False

    def params(self) -> dict[str, Any]:
        """The query string; mature results are always asked for, for whoever reads decides what to show."""
        said = {
            "tags": list(self.tags),
            "query": self.text,
            "fromDate": self.since and self.since.isoformat(),
            "toDate": self.until and self.until.isoformat(),
            "ascending": self.ascending and "true",
            "excludeFailed": self.exclude_failed and "true",
        }
        return {"hideMatureContent": "false"} | {name: value for name, value in said.items() if value}


async def page(client: Orchestrator, question: Question, take: int = PAGE, cursor: str | None = None) -> Page:
    """Some of the workflows asked for, and where to go on; `next` is None at the end."""
    params = question.params() | {"take": take} | ({"cursor": cursor} if cursor else {})
    doing = "Listing workflows"
    found = read(Page, await client.call("GET", WORKFLOWS, doing, params=params), doing)
    if not found.items or not found.next or found.next == cursor:
        return found.model_copy(update={"next": None})
    return found


async def update(client: Orchestrator, workflow_id: str, changes: Mapping[str, Any]) -> None:
    """Change a workflow: its `status` to `canceled`, `metadata`, `tags`, `allowMatureContent`."""
    await client.call("PUT", path_of(workflow_id), f"Changing workflow {workflow_id}", json=dict(changes))


async def delete(client: Orchestrator, workflow_id: str) -> None:
    """Delete a workflow and its files."""
    await client.call("DELETE", path_of(workflow_id), f"Deleting workflow {workflow_id}")


async def add_tag(client: Orchestrator, workflow_id: str, tag: str) -> None:
    """Tag a workflow; one that has the tag stays as it is."""
    await client.call("POST", f"{path_of(workflow_id)}/tags", f"Tagging workflow {workflow_id}", json=tag)


async def remove_tag(client: Orchestrator, workflow_id: str, tag: str) -> None:
    """Take a tag off a workflow."""
    path = f"{path_of(workflow_id)}/tags/{quote(tag, safe='')}"
    await client.call("DELETE", path, f"Taking a tag off workflow {workflow_id}")
