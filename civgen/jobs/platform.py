"""The platform as one value: catalogue, engines and contract, with the forms composed so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from civgen.catalog import Catalog
from civgen.engines.base import Engine
from civgen.engines.compose import form_of, tool_form
from civgen.engines.registry import Engines
from civgen.forms.form import Form
from civgen.forms.soundness import refuse_unsound
from civgen.jobs.media.finding import MediaReader

if TYPE_CHECKING:
    from civgen.db.training import Training
    from civgen.orchestrator.contract import Contract
    from civgen.workspace import Workspace

#: Finds resource records by model version id; leaves out what it does not know.
FindRecords = Callable[[Iterable[int]], Mapping[int, Mapping[str, Any]]]
#: Finds trainings by model version id; leaves out versions without any, and those that are published.
FindTrainings = Callable[[Iterable[int]], "Mapping[int, Training]"]


def built_in_contract() -> Contract:
    """The contract that civgen has with it."""
    from civgen.orchestrator.contract import load_contract

    return load_contract()


def nothing_known(_: Iterable[int]) -> Mapping[int, Any]:
    """A lookup for when there is no database."""
    return {}


@dataclass
class Platform:
    """Everything a request is judged by.

    Attributes:
        tier: membership tier whose limits apply.
        features: feature switches that are on.
        find_records: looks resources up in the database.
        find_trainings: what the trainings of versions made that are not published, likewise.
        load: gives the contract, when it is first asked for.
        media: what may be read to understand the media of a request; by default nothing.
    """

    catalog: Catalog
    engines: Engines
    tier: str = "free"
    features: frozenset[str] = frozenset()
    find_records: FindRecords = nothing_known
    find_trainings: FindTrainings = nothing_known
    load: Callable[[], Contract] = built_in_contract
    media: MediaReader = field(default_factory=MediaReader)
    _forms: dict[tuple[str, str], Form] = field(default_factory=dict, repr=False)
    _judged: set[tuple[str, str]] = field(default_factory=set, repr=False)

    @classmethod
    def of(cls, workspace: Workspace, **context: Any) -> Platform:
        """The platform as a workspace describes it."""
        return cls(Catalog(workspace.root), Engines(workspace.engines), **context)

    @cached_property
    def contract(self) -> Contract:
        """The schema of every step input."""
        return self.load()

    @cached_property
    def limits(self) -> Mapping[str, int]:
        """What the tier allows, by name of the limit.

        Raises:
            NotFound: there is no such tier.
        """
        return self.catalog.tiers[self.tier].record.model_dump(exclude={"key"})

    def form(self, ecosystem: str, engine: Engine) -> Form:
        """The form of an ecosystem, composed once."""
        key = (ecosystem, engine.key)
        if key not in self._forms:
            keys = self.catalog.engines_of(self.catalog.ecosystem(ecosystem))
            others = [self.engines[other] for other in keys if other != engine.key]
            self._forms[key] = form_of(self.catalog, ecosystem, engine, others)
        return self._forms[key]

    def tool_form(self, workflow: str, engine: Engine) -> Form:
        """The form of a tool: a workflow key that names its engine."""
        key = (workflow, engine.key)
        if key not in self._forms:
            self._forms[key] = tool_form(self.catalog, workflow, engine)
        return self._forms[key]

    def sound_form(self, ecosystem: str, engine: Engine) -> Form:
        """The form of an ecosystem, for requests: judged once.

        Raises:
            InvalidFile: it does not agree with itself, such as a default outside its range.
        """
        record = self.catalog.ecosystem(ecosystem)
        offered: dict[str, Sequence[Any]] = {
            "workflow": record.workflows,
            "model": [one.id for one in record.versions],
        }
        return self._sound((ecosystem, engine.key), self.form(ecosystem, engine), offered)

    def sound_tool_form(self, workflow: str, engine: Engine) -> Form:
        """The form of a tool, for requests: judged once.

        Raises:
            InvalidFile: as `sound_form`.
        """
        return self._sound((workflow, engine.key), self.tool_form(workflow, engine), {"workflow": [workflow]})

    def _sound(self, key: tuple[str, str], form: Form, offered: Mapping[str, Sequence[Any]]) -> Form:
        if key not in self._judged:
            refuse_unsound(form, offered)
            self._judged.add(key)
        return form

    def facts(self, workflow: str) -> dict[str, Any]:
        """What a form's conditions may ask besides its fields."""
        return {"workflow": workflow, "tier": self.tier, "limits": self.limits, "feature": self.features}
