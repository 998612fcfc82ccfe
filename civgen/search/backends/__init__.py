"""Search servers: one module a kind, found by listing; each says which addresses are its own."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from civgen.errors import InvalidInput, Problem
from civgen.search.filters import Filter
from civgen.search.settings import IndexSettings
from civgen.settings import Environment

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        words: in the searchable attributes; empty for everything.
        sort: `attribute:asc` or `attribute:desc`, the first the most important.
        facets: attributes whose values are counted over all that is found.
        fields: what is answered of each document; all that is displayed without.

    Raises:
        InvalidInput: an order is of another form.
    """

    words: str = ""
    filter: Filter | None = None
    sort: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Look at the orders: a server would name no field, and the embedded index take what it knows."""
        wrong = [rule for rule in self.sort if not rule.endswith((":asc", ":desc"))]
        if wrong:
            problems = [
                Problem(
                    "sort", "must say a field and a direction", given=rule, allowed="FIELD:asc or FIELD:desc"
                )
                for rule in wrong
            ]
            raise InvalidInput(
                f"{wrong[0]!r} is no order.", hint=f"Say {wrong[0].partition(':')[0]}:asc.", details=problems
            )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found.

    Attributes:
        total: of all pages; an estimate on a server that gives no more.
        facets: `{attribute: {value: count}}`.
    """

    hits: list[dict[str, Any]]
    total: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class Damaged(InvalidInput):
    """An index that cannot be read, and is to be made anew."""


class Backend(ABC):
    """An index on a search server.

    Writing answers the number of a task; only `wait` tells whether it was done.

    Every method raises `Damaged` when what is there cannot be read, `Unavailable` when the server does not
    answer, `NotAuthorised` when it refuses the key, and `AnswerIsNo` when it does not do what it was told.

    Attributes:
        is_remote: whether it is a server, which one need not watch while it works; such a backend may be
            written to from another thread.
    """

    is_remote: ClassVar[bool] = False

    def __init__(self, place: str, index: IndexSettings) -> None:
        """Describe it; nothing is opened yet.

        Args:
            place: where it is, for people; never with a key.
        """
        self.place = place
        self.index = index

    @classmethod
    @abstractmethod
    def opened(cls, environment: Environment, root: Path, index: IndexSettings) -> Backend | None:
        """The index of an environment; None when its address is for another kind of server."""

    @abstractmethod
    def settings(self) -> Mapping[str, Any] | None:
        """Settings under the server's own names; None when there is no such index."""

    @abstractmethod
    def write_settings(self, settings: Mapping[str, Any]) -> int:
        """Set some settings, and make the index if there is none."""

    @abstractmethod
    def hashes(self) -> Iterator[tuple[int, str | None]]:
        """Id and content hash of every document; None for one that civgen has not written."""

    @abstractmethod
    def fetch(self, ids: Sequence[int], fields: Sequence[str] | None = None) -> dict[int, dict[str, Any]]:
        """Documents by id, those that are there; whole, or these attributes of them."""

    @abstractmethod
    def update(self, documents: bytes) -> int:
        """Merge documents, as a JSON array, into those that are there, by their top-level names."""

    @abstractmethod
    def delete(self, ids: Sequence[int]) -> int:
        """Remove documents."""

    @abstractmethod
    def wait(self, tasks: Iterable[int], given_up: Callable[[], bool] = lambda: False) -> None:
        """Wait until tasks are done.

        Args:
            given_up: asked now and then; whether nobody wants to know any more, so that this returns.

        Raises:
            AnswerIsNo: one of them failed.
        """

    @abstractmethod
    def search(self, query: Query) -> Found:
        """Look for something.

        Raises:
            InvalidInput: it names what cannot be filtered or sorted by.
        """

    @abstractmethod
    def beside(self, suffix: str) -> Backend:
        """Another index on the same server, whose name has `suffix`."""

    @abstractmethod
    def swap(self, other: Backend) -> int:
        """Exchange the content of two indexes, at once."""

    @abstractmethod
    def drop(self) -> int:
        """Remove the index, if there is one."""

    @abstractmethod
    def count(self) -> int:
        """Number of documents."""

    def close(self) -> None:  # noqa: B027 - a server has nothing to close
        """Let go of what is open."""


def open_backend(environment: Environment, root: Path, index: IndexSettings) -> Backend:
    """The index that an environment names.

    Raises:
        InvalidInput: its address is of no kind that is known.
    """
    for module in pkgutil.iter_modules(__path__):
        kind: type[Backend] = importlib.import_module(f"{__name__}.{module.name}").Kind
        if backend := kind.opened(environment, root, index):
            return backend
    raise InvalidInput(
        f"The search of the environment {environment.name} is {environment.search!r}: no kind of index.",
        hint='In civgen.toml write search = "embedded", or the https:// URL of a Meilisearch server.',
    )
