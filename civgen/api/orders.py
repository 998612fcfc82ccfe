"""A request on its way to be paid for: priced, offered, submitted once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from civgen.api.offers import Offer, Offers, Taken, hash_of
from civgen.errors import InvalidInput, RateLimited, Refused, Unavailable

if TYPE_CHECKING:
    from civgen.api.workspace import Workspace
    from civgen.jobs.batches.prepare import Preparer
    from civgen.jobs.preview import Preview
    from civgen.jobs.submit import Quote
    from civgen.orchestrator.answers import Workflow
    from civgen.orchestrator.client import Orchestrator

Request = Mapping[str, Any]

#: Seconds that a submission waits for a slot in the queue.
PATIENCE = 25


@dataclass(frozen=True)
class Order:
    """A request, and all that it is judged by.

    Attributes:
        request: flat JSON, with the platform's field names.
        resources: records that take precedence over catalogue and database.
        repair: whether what does not fit is changed, as the platform does.
    """

    request: Request
    resources: tuple[Request, ...] = ()
    repair: bool = False
    tier: str | None = None
    features: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, request: Mapping[str, Any], resources: Iterable[Mapping[str, Any]] = (), **more: Any
    ) -> Order:
        """An order of values in any form."""
        more["features"] = tuple(more.get("features", ()))
        return cls(dict(request), tuple(resources), **more)

    @property
    def mode(self) -> Any:
        """Strict, or repair."""
        from civgen.forms.form import Mode

        return Mode.REPAIR if self.repair else Mode.STRICT

    def fingerprint(self, workspace: Workspace) -> str:
        """A hash of the order and of where it is placed."""
        place = [workspace.environment.name, workspace.environment.orchestrator]
        return hash_of({**vars(self), "request": dict(self.request), "place": place})


@dataclass(frozen=True)
class Priced:
    """The orchestrator's price of an order.

    Attributes:
        offer: with which it may be submitted; None where it may not, and then `why_not` says why.
    """

    quote: Quote
    preview: Preview
    offer: Offer | None
    why_not: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As `civgen submit --dry-run`, with the token."""
        said = self.offer.as_json() if self.offer else {"token": None, "expires": None}
        return {**self.quote.as_json(), **said} | ({"why": self.why_not} if self.why_not else {})


@dataclass(frozen=True)
class Submitted:
    """What an order became.

    Attributes:
        external_id: under which it was written down; with it the submission can be gone on with.
        uploads: media of this machine that were uploaded for it.
    """

    workflow: Workflow
    external_id: str
    quote: Quote
    uploads: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `civgen submit`."""
        about = {"id": self.workflow.id, "externalId": self.external_id, "status": self.workflow.status}
        return {**about, **self.quote.as_json(), "uploads": [dict(one) for one in self.uploads]}


class Counter:
    """Where orders are priced and placed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._offers = Offers(workspace.home.state / "offers.sqlite")

    async def priced(self, order: Order) -> Priced:
        """Ask the orchestrator what an order costs, and offer that price. Nothing runs.

        Raises:
            InvalidInput: with every problem of the request.
        """
        from civgen.jobs.batches.prepare import drawn_seed

        seed = drawn_seed()
        async with self._workspace.connected() as client:
            ready, preview = await self._previewed(order, seed)
            quote = await self._quoted(ready, preview, client)
        if why := self._unpayable(quote):
            return Priced(quote, preview, None, why)
        offer = self._offers.make(
            order.fingerprint(self._workspace), hash_of(preview.body), seed, quote.cost.total
        )
        return Priced(quote, preview, offer)

    async def placed(
        self,
        order: Order,
        token: str | None = None,
        max_cost: float | None = None,
        told: Callable[[str], None] = lambda _: None,
    ) -> Submitted:
        """Submit an order once. It is priced again first, and refused if that is more than was agreed.

        Args:
            token: of the offer for exactly this order.
            max_cost: the most that it may cost, in Buzz, in place of a token.
            told: hears how far it is.

        Raises:
            Refused: the token is not good, the price is higher than agreed, or nobody agreed to one.
            RateLimited: the queue is full.
            Unavailable: it is not known what became of it; go on under its `externalId`.
        """
        asked = order.fingerprint(self._workspace)
        agreed = self._offers.look(token, asked) if token is not None else None
        self._refuse_unagreed(agreed, max_cost)
        async with self._workspace.connected() as client:
            ready, preview = await self._previewed(order, agreed.seed if agreed else None)
            if agreed and hash_of(preview.body) != agreed.body:
                raise Refused(
                    "The same request would post something else than when it was priced; nothing was sent.",
                    hint="The catalogue or a file has changed since. Ask for the price again.",
                )
            quote = await self._quoted(ready, preview, client)
            self._refuse_dearer(quote, agreed.total if agreed else None, max_cost)
            told(f"priced at {_amount(quote.cost.total)}")
            take = (lambda: self._offers.take(token, asked).external_id) if token is not None else None
            return await self._sent(preview, client, quote, ready, take)

    async def resumed(self, external_id: str) -> tuple[Workflow, str]:
        """Go on with a submission that was written down: it runs once, however often this is asked.

        Raises:
            NotFound: none was written down under that id.
            Refused: it is another environment's.
        """
        from civgen.jobs.submit import send

        submission = self._workspace.journal.find(external_id)
        if submission.environment != self._workspace.environment.name:
            raise Refused(f"That submission was made in the environment {submission.environment}.")
        async with self._workspace.connected() as client:
            with _resumable(external_id):
                workflow = await send(submission, client, self._workspace.journal, in_doubt=True)
        return workflow, external_id

    def was_offered(self, external_id: str) -> bool:
        """Whether a submission was agreed to by a price token."""
        return self._offers.has_taken(external_id)

    async def _previewed(self, order: Order, seed: int | None) -> tuple[Preparer, Preview]:
        from civgen.jobs.availability import Availability
        from civgen.jobs.batches.prepare import Preparer, drawn_seed

        workspace = self._workspace
        ready = Preparer(
            workspace.platform(order.tier, order.features),
            Availability(workspace.environment, workspace.root),
            workspace.environment.currencies,
            order.resources,
            order.mode,
            drawn_seed if seed is None else lambda: seed,
        )
        preview = await ready.preview({"request": order.request})
        # Unlike that of a preview, its seed is the one that will be sent.
        return ready, replace(preview, seed_drawn=False)

    async def _quoted(self, ready: Preparer, preview: Preview, client: Orchestrator) -> Quote:
        from civgen.jobs.submit import quote

        await ready.availability.look_up(preview, client)
        return await quote(preview, client, ready.platform, self._workspace.environment)

    async def _sent(
        self,
        preview: Preview,
        client: Orchestrator,
        quote: Quote,
        ready: Preparer,
        take: Callable[[], str] | None,
    ) -> Submitted:
        from civgen.jobs.media.uploads import with_uploads
        from civgen.jobs.slots import Slots, slots_of
        from civgen.jobs.submit import send

        uploads: list[Mapping[str, Any]] = []
        preview = await with_uploads(preview, client, lambda one: uploads.append(one.as_json()))
        limit = slots_of(self._workspace.environment, ready.platform)
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(PATIENCE):
                    await stack.enter_async_context(Slots(client, limit).one())
            except TimeoutError:
                raise RateLimited(
                    f"All {limit} slots of the queue are taken; nothing was sent.",
                    hint="Wait until a job has ended; the price token stays good until it expires.",
                ) from None
            # From here on it may cost money: the token goes first, then it is written down, then sent.
            body = {**preview.body, "externalId": take()} if take else preview.body
            submission = self._workspace.journal.begin(body, self._workspace.environment.name)
            with _resumable(submission.external_id):
                workflow = await send(submission, client, self._workspace.journal)
        return Submitted(workflow, submission.external_id, quote, tuple(uploads))

    def _refuse_unagreed(self, agreed: Taken | None, max_cost: float | None) -> None:
        """Refuse to spend what nobody agreed to; in the sandbox nothing is spent."""
        if agreed is None and max_cost is None and not self._workspace.environment.is_sandbox:
            raise Refused(
                "This is real money, and nobody agreed to a price; nothing was sent.",
                hint="Pass the token of its price, or max_cost: the most that it may cost, in Buzz.",
            )
        if max_cost is not None and max_cost < 0:
            raise InvalidInput("max_cost must not be negative.")

    def _refuse_dearer(self, quote: Quote, told: float | None, max_cost: float | None) -> None:
        total = quote.cost.total
        caps = [cap for cap in (told, max_cost) if cap is not None]
        if caps and (total is None or total > min(caps)):
            raise Refused(
                f"It costs {_amount(total)} now, and {_amount(min(caps))} was agreed to; nothing was sent.",
                hint="Ask for the price again.",
                data=quote.as_json(),
            )
        if why := self._unpayable(quote):
            raise Refused(f"{why}; nothing was sent.", data=quote.as_json())

    def _unpayable(self, quote: Quote) -> str | None:
        """Why a price cannot be agreed to."""
        if quote.is_covered is False:
            return "The balance does not cover it"
        if quote.cost.total is None and not self._workspace.environment.is_sandbox:
            return "The price is not known, and nobody can agree to that"
        return None


@contextmanager
def _resumable(external_id: str) -> Iterator[None]:
    """Say how to go on with a submission of which it is not known what became."""
    try:
        yield
    except Unavailable as error:
        error.hint = f"It is not lost, and not paid twice: go on with the submission {external_id}."
        error.data = {"externalId": external_id}
        raise


def _amount(total: float | None) -> str:
    return "an unknown amount" if total is None else f"{total:.12g} Buzz"
