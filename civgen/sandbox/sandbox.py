"""The sandbox without HTTP: what it takes, keeps and gives."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from civgen.engines.base import Engine
from civgen.errors import NotFound, Problem
from civgen.orchestrator.contract import Contract
from civgen.sandbox.costs import cost_of
from civgen.sandbox.documents import blob_json, made_blob, workflow_json
from civgen.sandbox.links import Links
from civgen.sandbox.outputs import Output, outputs_of
from civgen.sandbox.questions import LONGEST_WAIT, Filter, Submission, Update, refused
from civgen.sandbox.record import Record
from civgen.sandbox.store import Store
from civgen.sandbox.timeline import SECONDS, plan

#: How often a request that waits looks whether the workflow was cancelled, in seconds.
_LOOK = 0.25
_MADE_HERE = re.compile(r"(\w{32})-(\d{1,6})-(\d{1,6})\.(\w+)", re.ASCII)
_ENDINGS = {"jpg": "jpeg", "svg+xml": "svg", "quicktime": "mov", "mpeg": "mp3"}
_MOST_TAGS = 10
#: What an answer always has, whether or not it was given.
_DEFAULTS: dict[str, Any] = {
    "metadata": {}, "arguments": {}, "callbacks": [], "currencies": [], "upgradeMode": "manual",
}  # fmt: skip


@dataclass
class Sandbox:
    """A local orchestrator.

    Args:
        speed: how many times faster than about a second a workflow goes; may be infinite.
        clock: gives the time in seconds of the epoch.
    """

    store: Store
    engines: Mapping[str, Engine]
    contract: Contract
    token: str | None = None
    speed: float = 1.0
    clock: Callable[[], float] = time.time

    def links(self, base: str) -> Links:
        """The addresses of blobs now, at the URL under which the sandbox was reached."""
        return Links(base.rstrip("/"), self.store.signing_key, self.clock())

    def submit(self, body: Any, how: Submission) -> Record:
        """Take a workflow, or say what it would cost.

        Raises:
            InvalidInput: with everything that the contract refuses.
        """
        if problems := self.contract.check_body(body):
            raise refused(problems)
        if body.get("ephemeral") and not (how.whatif or how.wait or body.get("callbacks")):
            raise refused([Problem("ephemeral", "needs a callback, or to be waited for")])
        kind = "whatif" if how.whatif else "ephemeral" if body.get("ephemeral") else "stored"
        record = self._record(body, kind)
        needs_keeping = kind != "whatif" or body.get("externalId")
        return self.store.add(record) if needs_keeping else record

    async def ended(self, record: Record, wait: float) -> Record:
        """A workflow when it has ended, or after `wait` seconds."""
        until = self.clock() + min(wait, LONGEST_WAIT)
        while not record.is_over(now := self.clock()) and now < until:
            await asyncio.sleep(max(0.001, min(_LOOK, until - now, record.ends - now)))
            if record.kind == "stored":
                record = self.store.get(record.id)
        return record

    def page(self, asked: Filter, links: Links) -> dict[str, Any]:
        """One page of workflows; `next` is empty on the last."""
        found = self.store.find(asked, links.now)
        shown = found[: asked.take]
        items = [workflow_json(one, links, hide_mature=asked.hide_mature_content) for one in shown]
        return {"next": str(shown[-1].number) if len(found) > len(shown) else "", "items": items}

    def update(self, workflow_id: str, asked: Update) -> None:
        """Change a workflow; what has ended is not cancelled.

        Raises:
            NotFound: there is none.
        """
        now = self.clock()

        def changed(record: Record) -> Record:
            named = {"metadata": asked.metadata, "allowMatureContent": asked.allow_mature_content}
            template = record.template | {name: one for name, one in named.items() if one is not None}
            tags = record.tags if asked.tags is None else asked.tags
            stops = asked.status == "canceled" and not record.is_over(now)
            return replace(record, template=template, tags=tags, canceled=now if stops else record.canceled)

        self.store.change(workflow_id, changed)

    def retag(self, workflow_id: str, tags: Callable[[list[str]], list[str]]) -> None:
        """Replace the tags of a workflow.

        Raises:
            InvalidInput: they are too many.
            NotFound: there is no such workflow.
        """
        self.store.change(workflow_id, lambda record: replace(record, tags=_checked(tags(record.tags))))

    def upload(self, data: bytes, content_type: str) -> str:
        """Keep a file; gives its blob's id."""
        ending = content_type.partition("/")[2]
        blob_id = f"{uuid4().hex}.{_ENDINGS.get(ending, ending)}"
        self.store.keep_upload(blob_id, content_type, data)
        return blob_id

    def blob(self, blob_id: str, links: Links) -> dict[str, Any]:
        """A blob.

        Raises:
            NotFound: there is none, or not yet.
        """
        if uploaded := self.store.upload(blob_id):
            return blob_json(uploaded[0].partition("/")[0], blob_id, links)
        record, step, output = self._made(blob_id)
        return made_blob(record, step, output, links)

    def content(self, blob_id: str) -> tuple[str, bytes]:
        """Content type and content of a blob.

        Raises:
            NotFound: there is none, or not yet.
        """
        if uploaded := self.store.upload(blob_id):
            return uploaded
        output = self._made(blob_id)[2]
        return output.content_type, output.draw()

    def _made(self, blob_id: str) -> tuple[Record, int, Output]:
        missing = NotFound(f"There is no blob {blob_id}")
        named = _MADE_HERE.fullmatch(blob_id)
        if not named:
            raise missing
        record, step = self.store.get(named[1], kinds=("stored", "ephemeral")), int(named[2])
        if step >= len(record.slots) or record.moments(self.clock())[step].status != "succeeded":
            raise missing
        for output in outputs_of(record.template["steps"][step]):
            if output.number == int(named[3]) and output.ending == named[4]:
                return record, step, output
        raise missing

    def _record(self, body: Mapping[str, Any], kind: str) -> Record:
        template = _DEFAULTS | _given(body)
        tags = template.pop("tags", [])
        template["steps"] = [{"name": f"${n}", **_given(step)} for n, step in enumerate(template["steps"])]
        now = self.clock()
        slots = plan(template["steps"], now, SECONDS / self.speed)
        cost = cost_of(template, self._priced)
        return Record(uuid4().hex, kind, now, template, cost, slots, tags)

    @cached_property
    def _priced(self) -> dict[str, Engine]:
        """The engines, all loaded: every submission asks them."""
        return dict(self.engines)


def _given(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in document.items() if part is not None}


def _checked(tags: list[str]) -> list[str]:
    if len(tags) > _MOST_TAGS:
        raise refused([Problem("tags", f"must have at most {_MOST_TAGS} items")])
    return tags
