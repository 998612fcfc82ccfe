"""A workspace, opened: every operation of civgen as a method."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.api.reading import Reading, Readings
from civgen.workspace import Workspace as Home
from civgen.workspace import open_workspace

if TYPE_CHECKING:
    from civgen.api.adding import Add
    from civgen.api.forms import Forms
    from civgen.api.index import Search
    from civgen.api.jobs import Jobs
    from civgen.api.orders import Priced, Submitted
    from civgen.api.rows import Db
    from civgen.catalog import Catalog
    from civgen.jobs.journal import Journal
    from civgen.jobs.platform import Platform
    from civgen.jobs.preview import Preview
    from civgen.jobs.prices import Estimate
    from civgen.lint.report import Report
    from civgen.orchestrator.client import Orchestrator
    from civgen.settings import Environment

Request = Mapping[str, Any]


class Workspace:
    """A workspace in one environment, for any number of threads. Its files may change at any time.

    A request is flat JSON with the platform's field names. Methods that take one also take what it is judged
    by: `resources` (records in place of the database), `repair`, `tier`, `features`. What waits for an
    orchestrator has a twin that ends in `_async`.

    Attributes:
        home: the folder on disk, or the lack of one.
    """

    def __init__(self, home: Home, env: str | None = None, *, confined: bool = False) -> None:
        self.home = home
        self._confined = confined
        self._env = env
        self._readings = Readings(home)

    @classmethod
    def open(
        cls, path: str | PathLike[str] | None = None, env: str | None = "local", *, confined: bool = False
    ) -> Workspace:
        """The workspace at `path`, else the one found upward from the current folder, else none.

        Without one, what only reads works on the built-in catalogue.

        Args:
            env: an environment of `civgen.toml`; None for its default.
            confined: whether requests may only name files of the workspace: for requests of others.

        Raises:
            InvalidInput: `path` is no workspace, or its `civgen.toml` is wrong.
            NotFound: there is no such environment.
        """
        home = open_workspace(None if path is None else Path(path))
        home.environment(env)  # what is wrong with it is to be said here, and not at first use
        return cls(home, env, confined=confined)

    @cached_property
    def environment(self) -> Environment:
        """Where its services are."""
        return self.home.environment(self._env)

    @property
    def root(self) -> Path | None:
        """Its folder, if there is one."""
        return self.home.root

    @property
    def now(self) -> Reading:
        """Catalogue, engines and contract as the files say now."""
        return self._readings.now()

    @property
    def catalog(self) -> Catalog:
        """The catalogue with the workspace's files over it."""
        return self.now.catalog

    def platform(self, tier: str | None = None, features: Iterable[str] = ()) -> Platform:
        """What requests are judged by."""
        within = self.root if self._confined else None
        files = not self._confined or self.root is not None
        return self.now.platform(self.environment, tier, features, files=files, within=within)

    def listing(self, what: str = "ecosystems", **wanted: Any) -> list[dict[str, Any]]:
        """What there is of one kind, as rows; `wanted` are values by column.

        Raises:
            NotFound: there is no such kind, or nothing of it has such a value.
        """
        from civgen.api.listing import rows_of

        return rows_of(self.now, what, wanted)

    def show(self, name: str) -> list[dict[str, Any]]:
        """All that is known of a name, an entry for each thing that it is the name of.

        Raises:
            NotFound: with the closest known name as a hint.
        """
        from civgen.api.showing import entries_of

        return entries_of(self.now, name)

    @cached_property
    def forms(self) -> Forms:
        """The forms that requests are judged by."""
        from civgen.api.forms import Forms

        return Forms(self)

    def validate(self, request: Request, **judged_by: Any) -> dict[str, Any]:
        """The values of a request that fits, and what was repaired: `{"values", "repairs"}`.

        Raises:
            InvalidInput: with every problem.
        """
        from civgen.api.orders import Order
        from civgen.jobs.forms import validate_form

        order = Order.of(request, **judged_by)
        platform = self.platform(order.tier, order.features)
        return validate_form(order.request, platform, order.resources, order.mode)

    def preview(self, request: Request, **judged_by: Any) -> Preview:
        """The body that a request would post, and all that led to it. Nothing is sent.

        Raises:
            InvalidInput: with every problem, of the fields, the resources or the contract.
        """
        from civgen.api.orders import Order
        from civgen.jobs.preview import preview

        order = Order.of(request, **judged_by)
        platform = self.platform(order.tier, order.features)
        currencies = self.environment.currencies
        return preview(order.request, platform, order.resources, order.mode, currencies=currencies)

    def price(self, request: Request, **judged_by: Any) -> Estimate:
        """What a request costs by published prices; what is not published is unknown, never 0.

        Raises:
            InvalidInput: with every problem.
        """
        from civgen.api.orders import Order
        from civgen.jobs.prices import estimate_request

        order = Order.of(request, **judged_by)
        platform = self.platform(order.tier, order.features)
        return estimate_request(order.request, platform, order.resources, order.mode)

    def whatif(self, request: Request, **judged_by: Any) -> Priced:
        """What the orchestrator asks for a request, with the token that `submit` takes. Nothing runs."""
        from civgen.api.waiting import waited

        return waited(self.whatif_async(request, **judged_by))

    async def whatif_async(self, request: Request, **judged_by: Any) -> Priced:
        """As `whatif`."""
        from civgen.api.orders import Counter, Order

        return await Counter(self).priced(Order.of(request, **judged_by))

    def submit(
        self,
        request: Request,
        *,
        token: str | None = None,
        max_cost: float | None = None,
        told: Callable[[str], None] = lambda _: None,
        **judged_by: Any,
    ) -> Submitted:
        """Submit a request once; what is submitted is written down first: it is never lost, nor paid twice.

        Args:
            token: of the price that `whatif` told for exactly this request; it works once.
            max_cost: in place of that, the most that it may cost, in Buzz.
            told: hears how far it is.

        Raises:
            Refused: the token is not good, it costs more than agreed, or nobody agreed to a price.
            Unavailable: it is not known what became of it: `jobs.resume` goes on.
        """
        from civgen.api.waiting import waited

        return waited(self.submit_async(request, token=token, max_cost=max_cost, told=told, **judged_by))

    async def submit_async(
        self,
        request: Request,
        *,
        token: str | None = None,
        max_cost: float | None = None,
        told: Callable[[str], None] = lambda _: None,
        **judged_by: Any,
    ) -> Submitted:
        """As `submit`."""
        from civgen.api.orders import Counter, Order

        return await Counter(self).placed(Order.of(request, **judged_by), token, max_cost, told)

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs of the account."""
        from civgen.api.jobs import Jobs

        return Jobs(self)

    @cached_property
    def db(self) -> Db:
        """The rows that make the catalogue generatable."""
        from civgen.api.rows import Db

        return Db(self)

    @cached_property
    def search(self) -> Search:
        """The models index."""
        from civgen.api.index import Search

        return Search(self)

    @cached_property
    def add(self) -> Add:
        """What can be added."""
        from civgen.api.adding import Add

        return Add(self)

    def lint(
        self,
        paths: Sequence[str | PathLike[str]] = (),
        *,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> Report:
        """Check everything that must agree; `paths` are files and folders whose findings are wanted."""
        from civgen.lint.runner import Options, lint

        return lint(self.home, Options(select=select, ignore=ignore), paths=[Path(one) for one in paths])

    @property
    def journal(self) -> Journal:
        """What was submitted from here.

        Raises:
            InvalidInput: there is no workspace to keep one in.
        """
        from civgen.jobs.journal import Journal

        return Journal(self.home.state / "journal.sqlite")

    @asynccontextmanager
    async def connected(self, connections: int = 1) -> AsyncIterator[Orchestrator]:
        """A client of the environment's orchestrator."""
        from civgen.sandbox.connect import connect

        async with connect(self.environment, self.home, connections) as client:
            yield client
