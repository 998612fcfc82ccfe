"""What a catalogue file may say: one Pydantic model a kind of file.

Everything here is checked when a file is read: an unknown key, a wrong type or a missing value is
reported with its line. What several files must agree on is for `civgen lint`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from civgen.catalog.form_records import FormChanges
from civgen.catalog.words import Key, Match, Media, ModelType, Number, Record, Text


class License(Record):
    """One licence and what follows from it.

    Attributes:
        id: number, unique among licences.
        name: as base models name it.
        url: where its text stands.
        disable_mature: whether mature content is forbidden.
        non_commercial: whether commercial use is.
        notice: whether a notice must go with the result.
        powered_by: whether the result must say whose model made it.
    """

    id: Number
    name: Text
    url: str | None = None
    disable_mature: bool = False
    non_commercial: bool = False
    notice: bool = False
    powered_by: bool = False


class Family(Record):
    """Who makes a group of ecosystems.

    Attributes:
        key: as ecosystems name it; its file is called after it.
        id: number, unique among families.
        name: as people read it.
    """

    key: Key
    id: Number
    name: Text
    description: str | None = None


class Group(Record):
    """Ecosystems that a form shows as one, with the one that it opens with.

    Attributes:
        default: key of the ecosystem that it opens with.
        ecosystems: keys of all of them.
        order: place in lists; the smallest comes first.
    """

    key: Key
    name: Text
    default: str
    ecosystems: list[str] = Field(min_length=1)
    order: int = 500


class Sampler(Record):
    """A sampler by its form name, and what the orchestrator and Comfy call it.

    `scheduler` is null where the orchestrator has no name for it: then the field is left out and
    its default applies.

    Attributes:
        scheduler: the orchestrator's name for it.
        comfy: Comfy's `sampler` and `scheduler`.
        sdcpp: the `method` and `schedule` of stable-diffusion.cpp.
    """

    name: Text
    scheduler: str | None = None
    comfy: dict[Literal["sampler", "scheduler"], str] | None = None
    sdcpp: dict[Literal["method", "schedule"], str] | None = None
    note: str | None = None


class Preprocessor(Record):
    """What derives a guiding image for a ControlNet, by the name that forms and the main step use.

    `kind` is that of the `preprocessImage` step; without one, only an image that already is an edge
    map, a pose or the like can be given.

    Attributes:
        finds: what it draws of an image.
    """

    key: Key
    label: Text
    finds: Literal["color", "depth", "edges", "lineart", "normals", "pose", "scribble", "segmentation"]
    kind: str | None = None


class Size(Record):
    """A ratio and its pixels.

    Attributes:
        value: the ratio, or whatever a request says.
        width: in pixels.
        height: in pixels.
        label: what people read; the value, unless said otherwise.
    """

    value: Text
    width: Number
    height: Number
    label: str | None = None


class SizeSet(Record):
    """Sizes that several forms share.

    `grid` is what their sides are multiples of, in pixels: 8 where a model paints them, less where they only
    tell what an engine makes that is asked for a ratio or a resolution.
    """

    key: Key
    grid: Number = 8
    sizes: list[Size] = Field(min_length=1)


class Tier(Record):
    """Limits of a membership tier.

    Attributes:
        quantity: images at a time.
        queue: jobs in the queue at a time.
        steps: of sampling, at most.
        resources: LoRAs and the like in a request.
        video_quantity: videos at a time.
    """

    key: Key
    quantity: Number
    queue: Number
    steps: Number
    resources: Number
    video_quantity: Number


class Workflow(Record):
    """A workflow key: what the user wants to do.

    Attributes:
        output: what it makes.
        source: the medium that must be given.
        without_source: the workflow key that the platform goes over to when that medium is missing.
        with_images: the one that it goes over to when images come along.
        becomes: the one that it is carried out as, where it is only another name for that.
        engine: key of the engine that carries it out without any ecosystem: a tool.
        form: what a tool changes in the form of its engine.
    """

    key: Key
    label: Text
    description: Text
    output: Media
    source: Literal["image", "video"] | None = None
    without_source: str | None = None
    with_images: str | None = None
    becomes: str | None = None
    engine: str | None = None
    form: FormChanges = {}


class BaseModelRecord(Record):
    """A base model: the display name of model versions; `media` is a list where it makes several.

    Attributes:
        id: number, unique among base models.
        name: what model versions carry, to the letter.
        media: what it makes.
        license: name of its licence.
        hidden: whether it is left out where people choose one.
        disabled: whether nothing of it generates.
    """

    id: Number
    name: Text
    media: Media | list[Media]
    license: Text | None = None
    description: str | None = None
    hidden: bool = False
    disabled: bool = False

    @property
    def makes(self) -> list[Media]:
        """What it makes."""
        return self.media if isinstance(self.media, list) else [self.media]


class Version(Record):
    """A model version that the platform itself offers.

    Attributes:
        id: number of the model version.
        label: what people read.
        model_id: number of the model that it belongs to; its AIR needs both.
        type: its model type.
        default: whether it is what a request starts with: for all workflow keys it serves, or those listed.
        base_model: its base model, by default the ecosystem's first.
        workflows: the workflow keys it serves; empty means all of the ecosystem's.
        instead: workflow keys it does not serve, with the one that a request goes over to under repair.
        uses: key of its engine, where that is not the ecosystem's.
        coverage: what makes it generatable: a row in EcosystemCheckpoints, the usage control
            ExternalGeneration, or a file, a licence and a CoveredCheckpoint row.
        engine: what the engine must know of it, in the engine's own terms.
        form: what it changes in the form.
    """

    id: Number
    label: Text
    model_id: Number | None = None
    type: ModelType = "Checkpoint"
    default: bool | list[str] = False
    base_model: str | None = None
    workflows: list[str] = []
    instead: dict[str, str] = {}
    uses: str | None = None
    coverage: Literal["ecosystem-checkpoint", "external", "covered-checkpoint"] = "ecosystem-checkpoint"
    engine: dict[str, Any] = {}
    form: FormChanges = {}

    def serves(self, workflow: str) -> bool:
        """Whether it serves one of its ecosystem's workflow keys."""
        return not self.workflows or workflow in self.workflows

    def served(self, offered: list[str]) -> list[str]:
        """Those of its ecosystem's workflow keys that it serves."""
        return [workflow for workflow in offered if self.serves(workflow)]

    def starts(self, workflow: str) -> bool:
        """Whether it is what a request for a workflow key starts with."""
        said = self.default if isinstance(self.default, bool) else workflow in self.default
        return said and self.serves(workflow)


class Support(Record):
    """Model types that can be used, by purpose.

    Attributes:
        generation: what a request may name.
        training: what can be trained.
        auction: what may be put up for auction.
    """

    generation: list[ModelType] = []
    training: list[ModelType] = []
    auction: list[ModelType] = []


class Accepts(Record):
    """Add-ons of another ecosystem that work here, if only partly.

    Attributes:
        ecosystem: key of the other.
        types: model types of it that work.
        support: whether they work in full.
    """

    ecosystem: Key
    types: list[ModelType] = Field(min_length=1)
    support: Literal["partial", "full"] = "partial"


class ConditionalOptions(Record):
    """Options of an engine that hold while `match` does, and `unless` does not.

    Attributes:
        match: facts with the values, one of which each must have.
        unless: the same, for when they do not hold.
        options: in the engine's own terms.
    """

    match: Match = {}
    unless: Match = {}
    options: dict[str, Any]


class Ecosystem(Record):
    """A family of weights whose resources fit each other, and how it generates.

    What a child leaves out it takes from its parent: support, engine, workflows, form and
    `engine_options`. `air` is always that of the root.

    Attributes:
        key: how everything else names it; its file is called after it.
        id: number, unique among ecosystems.
        name: as people read it.
        aliases: other names that people use for it.
        description: what people choose by, in a line.
        family: key of who makes it.
        parent: key of the ecosystem that it descends from.
        air: ecosystem segment of its AIRs.
        order: place in lists; the smallest comes first.
        self_hosted: whether the platform's own workers run it.
        model_locked: whether only its own versions can be used.
        engine: key of the engine; `engines` names another for some workflow keys.
        moves: workflow keys that it does not serve, with the sibling, or the workflow key of its own, that a
            request goes over to under repair.
        follows: fields, and of their values those that a sibling stands for, with its key; likewise.
        engine_options: what the engine must know of it, in the engine's own terms.
        engine_options_when: the same, under conditions on the form's values, the tier or a feature.
        workflows: workflow keys that it serves.
        base_models: the first is what a version carries that names none.
        support: which model types can be used, trained, auctioned.
        accepts: add-ons of others that work here.
        versions: model versions that the platform itself offers.
        form: by field, what differs from the engine's form.
    """

    key: Key
    id: Number
    name: Text
    aliases: list[str] = []
    description: Text
    family: str | None = None
    parent: str | None = None
    air: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_\-]+$")] | None = None
    order: int = 500
    self_hosted: bool = False
    model_locked: bool = False
    engine: str | None = None
    engines: dict[str, str] = {}
    moves: dict[str, str] = {}
    follows: dict[str, dict[str, str]] = {}
    engine_options: dict[str, Any] = {}
    engine_options_when: list[ConditionalOptions] = []
    workflows: list[str] = []
    base_models: list[BaseModelRecord] = []
    support: Support = Support()
    accepts: list[Accepts] = []
    versions: list[Version] = []
    form: FormChanges = {}
