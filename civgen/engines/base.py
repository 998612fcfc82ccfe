"""What an engine is, and what goes into and comes out of it.

An engine is a class in a module of its own below `image/` or `video/` (or `engines/` of a
workspace). It declares its form, turns validated values into steps with `build`, and knows the
published price of a step. None of the three reads the database, the clock or the network.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from civgen.catalog import Catalog
from civgen.catalog.records import Sampler
from civgen.errors import InvalidInput
from civgen.forms.form import Form

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """A model version as an engine needs it.

    Attributes:
        id: number of the model version.
        type: model type as rows spell it, for instance `LORA`.
        air: its URN.
        strength: as requested; None when nothing was said.
        epoch: number of the training epoch that it is; None for the version itself.
    """

    id: int
    type: str
    air: str
    strength: float | None = None
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class Resources:
    """The model versions of one request."""

    checkpoint: Resource | None = None
    addons: tuple[Resource, ...] = ()
    vae: Resource | None = None
    upscaler: Resource | None = None

    @property
    def all(self) -> list[Resource]:
        """All of them, the checkpoint first."""
        named = (self.checkpoint, *self.addons, self.vae, self.upscaler)
        return [one for one in named if one is not None]

    @property
    def loras(self) -> list[Resource]:
        """Those that are loaded like a LoRA: LORA, LoCon and DoRA."""
        return [one for one in self.addons if one.type in ("LORA", "LoCon", "DoRA")]


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What `build` may know besides the values.

    Attributes:
        ecosystem: key of the ecosystem; empty for a tool.
        workflow: the workflow key.
        options: what the ecosystem's file and the version's table say to the engine.
        catalog: what samplers and preprocessors are called on the wire.
    """

    ecosystem: str
    workflow: str
    options: Mapping[str, Any]
    catalog: Catalog

    def sampler(self, name: str) -> Sampler:
        """A sampler by its form name."""
        return self.catalog.samplers[name].record

    def option(self, name: str) -> Any:
        """An option that the engine cannot do without.

        Raises:
            InvalidInput: neither the ecosystem nor the version says it.
        """
        if name not in self.options:
            raise InvalidInput(
                f"Nothing in {self.ecosystem} says {name!r} to its engine.",
                hint=f"Add `engine = {{ {name} = … }}` to the version in ecosystems/{self.ecosystem}.toml.",
            )
        return self.options[name]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an orchestrator workflow.

    Attributes:
        metadata: for the platform's own pages.
        source: what is known of the medium that goes in, for the price; not sent. In pixels, frames a
            second and seconds: `width`, `height`, `fps`, `duration`.
        has_nulls: whether there may be nulls in `input`; where there are none it need not be searched.
    """

    type: str
    input: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    has_nulls: bool = True

    def as_json(self) -> dict[str, Any]:
        """The step as it goes over the wire; nulls are left out."""
        body = {"$type": self.type, "input": without_nulls(self.input) if self.has_nulls else self.input}
        return body | ({"metadata": dict(self.metadata)} if self.metadata else {})


@dataclass(frozen=True, slots=True)
class Price:
    """A price in Buzz: `base`, multiplied by every factor, plus every fixed amount.

    Attributes:
        rounds_up: whether the published price does; else it goes to the nearest whole Buzz.
        total: rounded as the published price is.
    """

    base: float
    factors: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)
    rounds_up: bool = False

    @property
    def exact(self) -> float:
        """The sum before rounding."""
        total = self.base
        for factor in self.factors.values():
            total *= factor
        return total + sum(self.fixed.values())

    @property
    def total(self) -> int:
        """Buzz, to the nearest whole one (published cells are rounded so), or up."""
        return math.ceil(round(self.exact, 9)) if self.rounds_up else int(self.exact + 0.5)

    def as_json(self) -> dict[str, Any]:
        """The document of `civgen price`."""
        parts = {"base": self.base, "factors": dict(self.factors), "fixed": dict(self.fixed)}
        return {"total": self.total, **parts, "known": True}


@dataclass(frozen=True, slots=True)
class Retirement:
    """That the platform has given an engine up.

    Attributes:
        since: when, as far as it is known, and how.
        reason: what one would use it for all the same.
        instead: keys of the engines that came after it.
    """

    since: str
    reason: str
    instead: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `civgen show` says of it."""
        return {"since": self.since, "use": self.reason, "instead": list(self.instead)}


class Engine(ABC):
    """Base of all engines.

    Attributes:
        key: how ecosystems name it; the module is called after it, with `_` for anything else.
        media: what it makes.
        step_type: `$type` of its main step.
        wire_engine: what its steps say as `input.engine`, where that is not its key.
        form: its fields, in the order in which they are evaluated.
        retirement: since when the platform has no use for it, if that is so.
    """

    key: ClassVar[str]
    media: ClassVar[str]
    step_type: ClassVar[str]
    wire_engine: ClassVar[str | None] = None
    form: ClassVar[Form]
    retirement: ClassVar[Retirement | None] = None

    @abstractmethod
    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """Turn validated values into steps.

        Args:
            values: one entry a visible field, keyed as in the form.
            resources: the model versions that the values name.
        """

    def price(self, step_input: Mapping[str, Any]) -> Price | None:  # noqa: ARG002
        """The published price of one step, or None where none is published."""
        return None


def without_nulls(value: Any) -> Any:
    """`value` without entries that are None, at any depth."""
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value if part is not None]
    return value
