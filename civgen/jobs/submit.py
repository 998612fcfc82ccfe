"""Priced, submitted, watched, fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.engines.base import Price
from civgen.engines.pricing import price_step
from civgen.errors import AnswerIsNo
from civgen.jobs.body import whatif_body
from civgen.jobs.journal import Journal, Submission
from civgen.jobs.licences import obligations
from civgen.jobs.media.uploads import Upload, with_uploads
from civgen.jobs.platform import Platform
from civgen.jobs.preview import Preview
from civgen.jobs.sending import Sender
from civgen.jobs.substitution import refuse_substitution

if TYPE_CHECKING:
    from civgen.orchestrator.answers import Cost, Workflow
    from civgen.orchestrator.client import Orchestrator
    from civgen.settings import Environment

#: Seconds that one request waits for the end of a job, before it asks again.
WAIT = 25

#: What the files of one job are called when nobody asks for more.
_NUMBERED = "{id}-{n}"


@dataclass(frozen=True)
class Quote:
    """What a request would cost, and what that answer does not cover.

    Attributes:
        cost: the orchestrator's answer.
        offline: the sum of the published prices of its steps; None when one of them has none.
        not_checked: what could still make it fail, or cost something else.
        currencies: Buzz that would be taken, by its colour.
        is_covered: whether the account can pay it; None when the answer does not say, or not what it costs.
    """

    cost: Cost
    offline: int | None
    not_checked: Sequence[str]
    currencies: Mapping[str, float] = field(default_factory=dict)
    is_covered: bool | None = None

    @property
    def difference(self) -> float | None:
        """How much more the orchestrator asks than is published; None unless both are known."""
        known = self.cost.total is not None and self.offline is not None
        return self.cost.total - self.offline if known else None  # type: ignore[operator]

    def as_json(self) -> dict[str, Any]:
        """The document of `civgen submit --dry-run`."""
        total = self.cost.total
        return {
            "cost": {
                "total": int(total) if total is not None and total == int(total) else total,
                "known": total is not None,
                "base": self.cost.base,
                "factors": self.cost.factors,
                "fixed": self.cost.fixed,
                "tips": self.cost.tips,
                "estimate": self.cost.estimate,
                "source": self.cost.source or "orchestrator",
            },
            "published": self.offline,
            "difference": self.difference,
            "currencies": dict(self.currencies),
            "balanceCovers": self.is_covered,
            "notChecked": list(self.not_checked),
        }


async def quote(
    preview: Preview, client: Orchestrator, platform: Platform, environment: Environment
) -> Quote:
    """Ask what a request would cost. Nothing runs, and nothing is charged.

    Raises:
        AnswerIsNo: another model would run than the one asked for.
    """
    answer = await client.whatif(whatif_body(preview.body))
    refuse_substitution(preview.body, answer, "Nothing was sent.")
    open_points = [
        *not_checked(preview, environment),
        *obligations(preview.request, preview.resolution, platform),
    ]
    short = answer.transactions.insufficient_buzz
    covered = None if short is None else not short
    if covered and answer.cost.total is None:
        covered = None  # what is not known counted as nothing there
        open_points.insert(0, "whether the balance covers it: the price is not known")
    elif covered is None:
        open_points.insert(0, "whether the balance covers it: the answer does not say")
    return Quote(answer.cost, offline_price(preview, platform), open_points, _by_currency(answer), covered)


def _by_currency(answer: Workflow) -> dict[str, float]:
    taken: dict[str, float] = {}
    for one in answer.transactions.list:
        if one.type == "debit":
            taken[one.account_type] = taken.get(one.account_type, 0) + one.amount
    return taken


def offline_price(preview: Preview, platform: Platform) -> int | None:
    """The sum of the published prices of all steps, in Buzz; None when one is not published."""
    prices: list[Price] = []
    for step in preview.steps:
        price = price_step({**step.as_json(), "source": step.source}, platform.engines)
        if price is None:
            return None
        prices.append(price)
    return sum(price.total for price in prices)


def not_checked(preview: Preview, environment: Environment) -> list[str]:
    """What a dry run leaves open, in words for the person who must decide."""
    open_points = [*preview.request.media.waiting, *preview.request.media.open]
    if environment.is_sandbox:
        open_points.append(
            "the price: the sandbox computes it from published figures, without asking the orchestrator"
        )
        open_points.append("whether the models are available and may be used by this account")
    else:
        open_points.append("tips: the price leaves them out")
    open_points.append("whether moderation accepts the prompt")
    if "priority" in preview.values:
        open_points.append("surcharges for priority and file format, for which no figures are published")
    if preview.seed_drawn:
        open_points.append("the seed: one is drawn when the request is submitted")
    return open_points


async def submit(
    preview: Preview,
    client: Orchestrator,
    journal: Journal,
    environment: Environment,
    uploaded: Callable[[Upload], None] = lambda _: None,
) -> Workflow:
    """Submit a request once: it is written down first, and goes out under the id written down.

    Args:
        uploaded: called with each medium that was uploaded before.

    Raises:
        AnswerIsNo: another model runs than the one asked for.
        Refused: its `externalId` stands for another submission.
        Unavailable: it is not known what became of it.
    """
    preview = await with_uploads(preview, client, uploaded)
    return await send(journal.begin(preview.body, environment.name), client, journal)


async def send(
    submission: Submission, client: Orchestrator, journal: Journal, *, in_doubt: bool = False
) -> Workflow:
    """Send what was written down, or find the workflow that it became.

    Args:
        in_doubt: whether it may have been sent before.

    Raises:
        AnswerIsNo, Unavailable: as `submit`.
    """
    if submission.workflow_id is not None:
        return await client.get(submission.workflow_id)
    workflow = await Sender(client).send(submission.body, in_doubt=in_doubt)
    journal.answered(submission, workflow.id)
    refuse_substitution(submission.body, workflow, f"It runs as {workflow.id}.", workflow.raw)
    return workflow


async def finish(
    workflow: Workflow, client: Orchestrator, changed: Callable[[Workflow], None] = lambda _: None
) -> Workflow:
    """Wait until a job has ended.

    Args:
        changed: called whenever its status is another than before.

    Raises:
        AnswerIsNo: it ended otherwise than well.
    """
    status = workflow.status
    changed(workflow)
    while not workflow.is_terminal and workflow.id is not None:
        before = asyncio.get_running_loop().time()
        workflow = await client.get(workflow.id, wait=WAIT)
        if workflow.status != status:
            status = workflow.status
            changed(workflow)
        if not workflow.is_terminal and asyncio.get_running_loop().time() - before < 1:
            await asyncio.sleep(1)  # a server that does not wait must not be asked without pause
    if workflow.status != "succeeded":
        raise AnswerIsNo(f"The job {workflow.id} {workflow.status}.", data=workflow.raw)
    return workflow


async def fetch(workflow: Workflow, client: Orchestrator, folder: Path) -> list[Path]:
    """Download the files of a job into `folder`, named by the job and numbered in their order.

    Raises:
        CivgenError: one of them failed; the others are there, and asking again does what is left.
    """
    from civgen.jobs.fetching import fetch_all

    folder.mkdir(parents=True, exist_ok=True)
    found = [one async for one in fetch_all(workflow, client, folder, name=_NUMBERED)]
    for failed in (one.error for one in found if one.error):
        raise failed
    return [one.path for one in found if one.path]
