"""What `civgen contract` answers."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from civgen.results.error import Detail
from civgen.results.following import Following


class Overlay(TypedDict):
    """A change that civgen lays over the contract, and that the document no longer needs."""

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012


class Pulled(Following):
    """What a pull did, or under --check would do.

    Attributes:
        source: From where.
        folder: To where.
        title: Of the document.
        version: Of the document.
        sha256: Of the document.
        date: Of the document, when it is known.
        leaves: Number of step inputs.
        size: Bytes of all files.
        added: Files that were not there.
        removed: Files that are no more.
        changed: Files that say something else now.
        stale: Entries of civgen's overlay that this document no longer needs.
        written: Whether the folder was touched.
    """

    source: str
    folder: str
    title: str
    version: str
    sha256: str
    date: str | None
    leaves: int
    size: int
    added: list[str]
    removed: list[str]
    changed: list[str]
    stale: list[Overlay]
    written: bool


class Sender(TypedDict):
    """An engine that sends a step input.

    Attributes:
        engine: Its key.
        built_in: Whether it comes with civgen; else it is the workspace's.
    """

    engine: str
    built_in: bool


class Listed(TypedDict):
    """A step input of the contract.

    Attributes:
        leaf: Step type and discriminators, as one name.
        step: Its type.
        discriminators: What chooses it among those of its type.
        engines: Those that send it.
    """

    leaf: str
    step: str
    discriminators: dict[str, str]
    engines: list[Sender]


class Listing(TypedDict):
    """The step inputs of the contract.

    Attributes:
        leaves: Those asked for.
        total: How many there are, under --step of that type.
        sent: How many of these an engine sends.
    """

    leaves: list[Listed]
    total: int
    sent: int


class Branch(TypedDict):
    """A step input of the contract that something was held against.

    Attributes:
        at: The step.
        leaf: Step type and discriminators; null when none fits.
        chosen: The discriminators' values.
    """

    at: str
    leaf: str | None
    chosen: dict[str, Any]


class Verdict(TypedDict):
    """Whether the orchestrator takes something, as far as the contract says.

    Attributes:
        kind: body, step or input.
        taken: Whether it does.
        branches: What it was held against.
        problems: Why it does not.
    """

    kind: str
    taken: bool
    branches: list[Branch]
    problems: list[Detail]


class VerdictLine(Verdict):
    """A line of a batch that the orchestrator takes.

    Attributes:
        id: As the line gave it.
        ok: Always true.
    """

    id: Any
    ok: bool


class Difference(TypedDict):
    """One thing that two contracts say differently.

    Attributes:
        leaf: Step type and discriminators.
        field: Path within the input; empty for the leaf itself.
        what: The keyword that differs, or leaf, field, required.
        how: appeared, vanished, wider, narrower or changed.
        before: What the older one says.
        after: What the newer one says.
    """

    leaf: str
    field: str
    what: str
    how: str
    before: Any
    after: Any


class Broken(TypedDict):
    """A step that one contract takes and the other refuses.

    Attributes:
        subject: The ecosystem, or the workflow key of a tool.
        engine: Key of the engine that makes the step.
        path: Place in the step.
        message: Why it is refused.
        field: Field of the form that leads to it; null when every value of every field does.
        offered: The values of the field that lead to it.
        workflows: Workflow keys that are concerned.
    """

    subject: str
    engine: str
    path: str
    message: str
    field: str | None
    offered: list[Any]
    workflows: list[str]


class ContractDiff(Following):
    """All that differs between two contracts, and what it does to the forms.

    Attributes:
        differences: What they say differently.
        breaks: What only the newer one refuses.
        mends: What only the older one refuses.
        overlay: What civgen lays over both, in words.
    """

    differences: list[Difference]
    breaks: list[Broken]
    mends: list[Broken]
    overlay: list[str]
