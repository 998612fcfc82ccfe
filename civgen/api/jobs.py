"""Jobs that were submitted: listed, watched, fetched, canceled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.api.waiting import waited
from civgen.errors import AnswerIsNo, CivgenError

if TYPE_CHECKING:
    from civgen.api.workspace import Workspace
    from civgen.jobs.fetching import Fetched
    from civgen.jobs.listing import Filter
    from civgen.jobs.watching import Sight
    from civgen.orchestrator.answers import Workflow


@dataclass(frozen=True)
class Watched:
    """Jobs as they were seen last.

    Attributes:
        over: whether all of them have ended.
    """

    sights: tuple[Sight, ...]
    over: bool


@dataclass(frozen=True)
class Page:
    """Some jobs, the newest first; `next` is where an older page starts, None after the last."""

    jobs: tuple[Workflow, ...]
    next: str | None


class Jobs:
    """The jobs of a workspace's account. Each method has a twin that ends in `_async`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def list(self, wanted: Filter | None = None, limit: int = 20, cursor: str | None = None) -> Page:
        """Jobs, the newest first."""
        return waited(self.list_async(wanted, limit, cursor))

    def get(self, job: str) -> Workflow:
        """A job as it stands.

        Raises:
            NotFound: there is none under that id.
        """
        return waited(self.get_async(job))

    def wait(
        self, ids: Iterable[str], seconds: float | None = None, told: Callable[[Sight], None] = lambda _: None
    ) -> Watched:
        """Wait until jobs have ended, or until so many seconds have passed: then ask again.

        Args:
            told: hears of every change.
        """
        return waited(self.wait_async(ids, seconds, told))

    def download(
        self, job: str, folder: Path = Path("outputs"), max_level: str | None = None
    ) -> Sequence[Fetched]:
        """Fetch the results of a job; a file that is there is never touched."""
        return waited(self.download_async(job, folder, max_level))

    def cancel(self, job: str) -> Workflow:
        """Cancel a job that has not ended.

        Raises:
            AnswerIsNo: it has.
        """
        return waited(self.cancel_async(job))

    def resume(self, external_id: str) -> Workflow:
        """Go on with a submission of which it is not known what became; it runs once."""
        return waited(self.resume_async(external_id))

    async def list_async(
        self, wanted: Filter | None = None, limit: int = 20, cursor: str | None = None
    ) -> Page:
        """As `list`."""
        from civgen.jobs.listing import Filter, some
        from civgen.orchestrator.workflows import Question

        async with self._workspace.connected() as client:
            jobs, behind = await some(client, wanted or Filter(Question()), limit, cursor)
        return Page(tuple(jobs), behind)

    async def get_async(self, job: str) -> Workflow:
        """As `get`."""
        async with self._workspace.connected() as client:
            return await client.get(job)

    async def wait_async(
        self, ids: Iterable[str], seconds: float | None = None, told: Callable[[Sight], None] = lambda _: None
    ) -> Watched:
        """As `wait`."""
        from civgen.jobs.watching import watch

        words = [*dict.fromkeys(ids)]
        seen: dict[str, Sight] = {}
        async with self._workspace.connected() as client:
            try:
                async with asyncio.timeout(seconds):
                    async for sight in watch(client, words):
                        seen[sight.id] = sight
                        told(sight)
            except TimeoutError:
                pass  # what was seen so far is the answer
        sights = tuple(seen[one] for one in words if one in seen)
        return Watched(sights, len(sights) == len(words) and all(one.is_over for one in sights))

    async def download_async(
        self, job: str, folder: Path = Path("outputs"), max_level: str | None = None
    ) -> Sequence[Fetched]:
        """As `download`."""
        from civgen.jobs.fetching import fetch_all

        async with self._workspace.connected() as client:
            workflow = await client.get(job)
            return [one async for one in fetch_all(workflow, client, folder, max_level=max_level)]

    async def cancel_async(self, job: str) -> Workflow:
        """As `cancel`."""
        async with self._workspace.connected() as client:
            await client.cancel(job)
            workflow = await client.get(job)
        if workflow.status != "canceled":
            raise AnswerIsNo(f"The job {job} was not canceled: it {workflow.status}.", data=about(workflow))
        return workflow

    async def resume_async(self, external_id: str) -> Workflow:
        """As `resume`."""
        from civgen.api.orders import Counter

        workflow, _ = await Counter(self._workspace).resumed(external_id)
        return workflow


def failures(fetched: Iterable[Fetched]) -> dict[str, CivgenError]:
    """What was not fetched, and why, by result."""
    return {one.blob_id: one.error for one in fetched if one.error}


def about(workflow: Workflow, *, everything: bool = False) -> dict[str, Any]:
    """A job as `civgen jobs list` has it, or with all of it as `civgen jobs show`."""
    from civgen.jobs.outline import full, outline

    return full(workflow) if everything else outline(workflow)
