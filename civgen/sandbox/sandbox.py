"""The sandbox without HTTP: what it takes, keeps and gives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any
from uuid import uuid4

from civgen.engines.base import Engine
from civgen.errors import NotFound, Problem
from civgen.orchestrator.contract import Contract
from civgen.sandbox import payment, substitution
from civgen.sandbox.behaviour import Behaviour
from civgen.sandbox.callbacks import check_callbacks
from civgen.sandbox.costs import cost_of, drifted
from civgen.sandbox.documents import workflow_json
from civgen.sandbox.limits import RateLimit
from civgen.sandbox.links import Links
from civgen.sandbox.questions import LONGEST_WAIT, Filter, StepUpdate, Submission, Update
from civgen.sandbox.record import Record
from civgen.sandbox.refusals import refused
from civgen.sandbox.store import Balances, Store
from civgen.sandbox.timeline import SECONDS, plan
from civgen.sandbox.users import User, Users

#: How often a request that waits looks whether the workflow was cancelled, in seconds.
_LOOK = 0.25
_MOST_TAGS = 10
#: What an answer always has, whether or not it was given.
_DEFAULTS: dict[str, Any] = {
    "metadata": {}, "arguments": {}, "callbacks": [], "currencies": [], "upgradeMode": "manual",
}  # fmt: skip


@dataclass
class Sandbox:
    """A local orchestrator.

    Args:
        users: who may ask.
        speed: how many times faster than about a second a workflow goes; may be infinite.
        behaviour: what is not as on a good day.
        clock: gives the time in seconds of the epoch.
    """

    store: Store
    engines: Mapping[str, Engine]
    contract: Contract
    users: Users = field(default_factory=Users)
    speed: float = 1.0
    behaviour: Behaviour = field(default_factory=Behaviour)
    clock: Callable[[], float] = time.time

    def links(self, base: str) -> Links:
        """The addresses of blobs now, at the URL under which the sandbox was reached."""
        return Links(base.rstrip("/"), self.store.signing_key, self.clock(), self.behaviour.url_life)

    async def submit(
        self, body: Any, how: Submission, user: User, substitutes: substitution.Mode | None = None
    ) -> Record:
        """Take a workflow, or say what it would cost.

        Args:
            substitutes: how another model is to run than the one asked for, in place of what chance says.

        Raises:
            InvalidInput: with everything that the contract refuses.
            Forbidden: the user cannot pay.
            TooFast: the user submits too often.
        """
        if self._limit and not how.whatif:
            self._limit.take(user.user)
        if problems := self.contract.check_body(body) or check_callbacks(body):
            raise refused(problems)
        if body.get("ephemeral") and not (how.whatif or how.wait or body.get("callbacks")):
            raise refused([Problem("ephemeral", "needs a callback, or to be waited for")])
        kind = "whatif" if how.whatif else "ephemeral" if body.get("ephemeral") else "stored"
        record = self._record(body, kind, user, substitutes)
        if kind == "whatif" and not body.get("externalId"):
            return payment.charged(record, self.store.balances(user, record.created))
        kept = self.store.add(record, user, payment.charged)
        await self.store.commits.settled()
        return kept

    def is_affordable(self, record: Record, user: User) -> bool:
        """Whether a user has what a whatif would charge."""
        return payment.affordable(record, self.store.balances(user, self.clock()))

    async def ended(self, record: Record, wait: float) -> Record:
        """A workflow when it has ended, or after `wait` seconds."""
        until = self.clock() + min(wait, LONGEST_WAIT)
        while not record.is_over(now := self.clock()) and now < until:
            await asyncio.sleep(max(0.001, min(_LOOK, until - now, record.ends - now)))
            if record.kind == "stored":
                record = self.store.get(record.id)
        return record

    def page(self, user: User, asked: Filter, links: Links) -> dict[str, Any]:
        """One page of workflows; `next` is empty on the last."""
        found = self.store.find(user.user, asked, links.now)
        shown = found[: asked.take]
        items = [workflow_json(one, links, hide_mature=asked.hide_mature_content) for one in shown]
        return {"next": str(shown[-1].number) if len(found) > len(shown) else "", "items": items}

    def update(self, workflow_id: str, user: User, asked: Update) -> None:
        """Change a workflow; what has ended is not cancelled.

        Raises:
            NotFound: there is none.
            Forbidden: mature content is to be paid for, and cannot be.
        """
        now = self.clock()

        def changed(record: Record, balances: Balances) -> Record:
            template = record.template
            if asked.metadata is not None:
                template = {**template, "metadata": asked.metadata}
            record = replace(
                record, template=template, tags=record.tags if asked.tags is None else asked.tags
            )
            if asked.allow_mature_content is not None:
                record = _allowing(record, balances, now, mature=asked.allow_mature_content)
            stops = asked.status == "canceled" and not record.is_over(now)
            return replace(payment.refunded(record, now), canceled=now) if stops else record

        self.store.change(workflow_id, user, changed, now)

    def update_step(self, workflow_id: str, user: User, name: str, asked: StepUpdate) -> None:
        """Change a step.

        Raises:
            NotFound: there is none.
        """

        def changed(record: Record, _: Balances) -> Record:
            steps = list(record.template["steps"])
            number = step_number(record, name)
            steps[number] = {**steps[number], "metadata": asked.metadata}
            return replace(record, template={**record.template, "steps": steps})

        self.store.change(workflow_id, user, changed, self.clock())

    def retag(self, workflow_id: str, user: User, tags: Callable[[list[str]], list[str]]) -> None:
        """Replace the tags of a workflow.

        Raises:
            InvalidInput: they are too many.
            NotFound: there is no such workflow.
        """

        def changed(record: Record, _: Balances) -> Record:
            return replace(record, tags=_checked(tags(record.tags)))

        self.store.change(workflow_id, user, changed, self.clock())

    def delete(self, workflow_id: str, user: User) -> None:
        """Forget a workflow; what has not started is refunded.

        Raises:
            NotFound: there is none.
        """
        now = self.clock()

        def settled(record: Record) -> Record:
            whole = record.status(now)
            return payment.refunded(record, now) if whole in _NOT_STARTED else record

        self.store.delete(workflow_id, user, settled, now)

    def _record(
        self, body: Mapping[str, Any], kind: str, user: User, substitutes: substitution.Mode | None
    ) -> Record:
        template = _DEFAULTS | _given(body)
        tags = template.pop("tags", [])
        template["steps"] = [{"name": f"${n}", **_given(step)} for n, step in enumerate(template["steps"])]
        if mode := substitutes or self._substitutes:
            template = mode(template)
        now = self.clock()
        slots = plan(template["steps"], now, SECONDS / self.speed)
        cost = cost_of(template, self._priced)
        if kind != "whatif":
            cost = drifted(cost, self.behaviour.price_drift)
        return Record(uuid4().hex, user.user, kind, now, template, cost, slots, tags)

    @cached_property
    def _substitutes(self) -> substitution.Mode | None:
        rate, seed = self.behaviour.substitute, self.behaviour.seed
        return partial(substitution.substituted, chosen=substitution.chosen_by(seed, rate)) if rate else None

    @cached_property
    def _limit(self) -> RateLimit | None:
        rate = self.behaviour.rate_limit
        return RateLimit(rate, self.clock) if rate else None

    @cached_property
    def _priced(self) -> dict[str, Engine]:
        """The engines, all loaded: every submission asks them."""
        return dict(self.engines)


_NOT_STARTED = frozenset({"unassigned", "preparing", "scheduled"})


def step_number(record: Record, name: str) -> int:
    """Which step is called so.

    Raises:
        NotFound: none is.
    """
    for number, step in enumerate(record.template["steps"]):
        if step["name"] == name:
            return number
    raise NotFound(f"There is no step {name} in workflow {record.id}")


def _allowing(record: Record, balances: Balances, now: float, *, mature: bool) -> Record:
    if mature:
        return payment.upgraded(record, balances, now)
    return replace(record, template={**record.template, "allowMatureContent": False})


def _given(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in document.items() if part is not None}


def _checked(tags: list[str]) -> list[str]:
    if len(tags) > _MOST_TAGS:
        raise refused([Problem("tags", f"must have at most {_MOST_TAGS} items")])
    return tags
