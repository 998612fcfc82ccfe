"""Values worth trying in a field: what it starts with, then every option, both ends of every range.

One function a kind of field, found by the kind's class; a kind that none speaks for is left as it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from civgen.air import model_version_air
from civgen.catalog.records import Ecosystem
from civgen.forms.field import Field
from civgen.forms.kinds.choice import Choice, Toggle, as_option
from civgen.forms.kinds.details import Details
from civgen.forms.kinds.media import Images, Video
from civgen.forms.kinds.number import Number, Seed
from civgen.forms.kinds.resources import ControlNets, ModelVersion, Resource, Resources
from civgen.forms.kinds.text import Text
from civgen.jobs.lacking import PROMPT
from civgen.lint.makers import Maker

Shown = Mapping[str, Any]

#: Numbers that no model version has; those of made-up resources count on from here.
MADE_UP = 2_000_000_000
#: How many resources are tried where nothing limits them.
A_FEW = 3
#: Types of the model versions that a field of their own names, by the key of that field.
_SINGLE = {"vae": "VAE", "upscaler": "Upscaler"}
#: Of a video: pixels, frames a second and seconds, with room to enlarge it.
_SMALL = {"width": 640, "height": 480, "fps": 24, "duration": 5}
#: Strengths of a LoRA to try where the field takes any.
_ANY_STRENGTH = {"min": -2, "max": 2}
#: What a control net says beside its preprocessor and image: nothing to derive, and both ends of its ranges.
_NETS: tuple[dict[str, Any], ...] = (
    {"mode": "preprocessed"},
    {"weight": 0, "startStep": 1, "endStep": 1},
    {"weight": 2, "startStep": 0, "endStep": 0},
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A value to try, and the properties of the field that offer it; none when the field as such does."""

    value: Any
    said_by: tuple[str, ...] = ("default",)


@dataclass(frozen=True, slots=True)
class Supplies:
    """Model versions to name in requests of one ecosystem.

    Attributes:
        checkpoint: number of the checkpoint to use.
        addons: numbers of made-up resources, one of every type that the ecosystem takes.
        single: numbers of those that stand alone, by the name of their field: a VAE, if it takes any.
        records: what a database would know of the made-up ones, and of versions whose model is not said.
    """

    checkpoint: int | None
    addons: tuple[int, ...] = ()
    single: Mapping[str, int] = field(default_factory=dict)
    records: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


def supplies(maker: Maker) -> Supplies:
    """Make up a checkpoint and a resource of every type that an ecosystem takes; for a tool, an upscaler."""
    ecosystem = maker.ecosystem
    types = sorted({"Checkpoint", *ecosystem.support.generation} if ecosystem else {"Upscaler"})
    ids = {model_type: MADE_UP + number for number, model_type in enumerate(types)}
    unknown = [(one.type, one.id) for one in maker.versions if one.model_id is None]
    records = tuple(_record(ecosystem, number, kind) for kind, number in (*ids.items(), *unknown))
    checkpoint = ids.pop("Checkpoint", None)
    single = {name: ids.pop(kind) for name, kind in _SINGLE.items() if kind in ids}
    return Supplies(checkpoint, tuple(ids.values()), single, records)


def _record(ecosystem: Ecosystem | None, number: int, model_type: str) -> dict[str, Any]:
    """What a database would know of a made-up model version."""
    segment = (ecosystem.air if ecosystem else None) or "other"
    air = model_version_air(segment, model_type, MADE_UP, number)
    bases = ecosystem.base_models if ecosystem else []
    return {"id": number, "type": model_type, "air": air, "baseModel": bases[0].name if bases else None}


@singledispatch
def samples(field: Field, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """Values to try in a field as it is shown; the first is the plainest."""
    return []


@samples.register
def _number(field: Number, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """Those that the field takes; what else it says of itself is for `default-fits`."""
    tried = [Sample(shown.get("default")), *_ends(shown), *_inside(shown)]
    return [one for one in tried if one.value is None or field.read(one.value, shown, {}).problem is None]


@samples.register
def _seed(field: Seed, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    return [Sample(None), *_ends(shown)]


@samples.register
def _toggle(field: Toggle, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    default = bool(shown.get("default"))
    return [Sample(default), Sample(not default, ())]


@samples.register
def _choice(field: Choice, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """Options as they stand: one with a size is another than the same ratio with another size."""
    options = sorted(shown["options"], key=lambda option: option["value"] != shown["default"])
    plain = (option["value"] if len(option) <= _PLAIN else option for option in options)
    return [Sample(one, ("options",)) for one in plain]


@samples.register
def _text(field: Text, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """A text of the usual length, none, the shortest and the longest."""
    longest = shown.get("max_length")
    empty = [] if shown.get("required") else [Sample(None, ("required",))]
    short = Sample("x" * (shown.get("min_length") or 1), ("min_length",))
    long = [Sample("x" * longest, ("max_length",))] if longest else []
    return [Sample(PROMPT[:longest]), *empty, short, *long]


@samples.register
def _images(field: Images, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    none = [] if shown.get("required") else [Sample(None, ("required",))]
    counts = {max(shown["min"], 1): "min", shown["max"]: "max"}
    return [*none, *(Sample([_image(n) for n in range(count)], (said,)) for count, said in counts.items())]


@samples.register
def _video(field: Video, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """One of which all is known, and one of which nothing is but where it lies."""
    none = [] if shown.get("required") else [Sample(None, ("required",))]
    url = "https://example.com/0.mp4"
    return [*none, Sample({"url": url, "metadata": _SMALL}, ("required",)), Sample({"url": url}, ())]


@samples.register
def _details(field: Details, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """Nothing, because the contract alone knows what may be said."""
    return [Sample({})]


@samples.register
def _model(field: ModelVersion, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    return [Sample({"id": supplies.checkpoint}, ("options",))]


@samples.register
def _resource(field: Resource, shown: Shown, supplies: Supplies) -> list[Sample]:
    none = [] if shown.get("required") else [Sample(None)]
    offered = [Sample({"id": option["value"]}, ("options",)) for option in shown["options"]]
    made_up = supplies.single.get(field.key)
    return [*none, *offered, *([Sample({"id": made_up}, ())] if made_up else [])]


@samples.register
def _resources(field: Resources, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    count = min(shown.get("limit", A_FEW), len(supplies.addons))
    plain = [{"id": number} for number in supplies.addons[:count]]
    strengths = shown.get("strength") or _ANY_STRENGTH
    entries = [[{**entry, "strength": one} for entry in plain] for one in (0.8, *strengths.values())]
    tried = (
        Sample(entries[0], ("limit",)),
        Sample(plain, ("limit",)),
        *(Sample(one, ("strength",)) for one in entries[1:]),
    )
    return [Sample([]), *(tried if plain else ())]


@samples.register
def _control_nets(field: ControlNets, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    offered = [as_option(option)["value"] for option in shown.get("options") or ()]
    nets = [{"preprocessor": one, "image": _image(0)} for one in offered]
    most = shown.get("limit", A_FEW)
    alike = [[{**nets[0], **said}] * most for said in _NETS] if nets else []
    return [
        Sample([]),
        *(Sample([net], ("options",)) for net in nets),
        *(Sample(one, ("limit",)) for one in alike),
    ]


#: How many parts an option has that is no more than its value and its label.
_PLAIN = 2


def _ends(shown: Shown) -> list[Sample]:
    return [Sample(shown[end], (end,)) for end in ("min", "max") if shown.get(end) is not None]


def _inside(shown: Shown) -> list[Sample]:
    """A number that is on no end: one step from the least, or half a one where numbers between are taken."""
    step = shown.get("step")
    if shown.get("min") is None:
        return []
    return [
        Sample(shown["min"] + (step if step and not shown.get("between") else (step or 1) / 2), ("step",))
    ]


def _image(number: int) -> dict[str, Any]:
    """A made-up image, every other one upright."""
    width, height = (1024, 768) if number % 2 == 0 else (768, 1024)
    return {"url": f"https://example.com/{number}.jpeg", "width": width, "height": height}
