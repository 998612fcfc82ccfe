"""Values worth trying in a field: what it starts with, then every option, both ends of every range.

One function a kind of field, found by the kind's class; a kind that none speaks for is left as it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from civgen.air import model_version_air
from civgen.forms.field import Field
from civgen.forms.kinds.choice import Choice, Toggle, as_option
from civgen.forms.kinds.media import Images
from civgen.forms.kinds.number import Number, Seed
from civgen.forms.kinds.resources import ControlNets, ModelVersion, Resource, Resources
from civgen.forms.kinds.text import Text
from civgen.lint.house import Maker

Shown = Mapping[str, Any]

#: Numbers that no model version has; those of made-up resources count on from here.
MADE_UP = 2_000_000_000
#: How many resources are tried where nothing limits them.
A_FEW = 3
PROMPT = "a red fox in the snow"


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
        vae: number of a made-up VAE, if it takes any.
        records: what a database would know of the made-up ones.
    """

    checkpoint: int | None
    addons: tuple[int, ...] = ()
    vae: int | None = None
    records: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


def supplies(maker: Maker) -> Supplies:
    """Make up a checkpoint and a resource of every type that an ecosystem takes."""
    ecosystem = maker.ecosystem
    base_model = ecosystem.base_models[0].name if ecosystem.base_models else None
    types = sorted({"Checkpoint", *ecosystem.support.generation})
    ids = {model_type: MADE_UP + number for number, model_type in enumerate(types)}
    records = tuple(
        {
            "id": number,
            "type": model_type,
            "air": model_version_air(ecosystem.air or "other", model_type, MADE_UP, number),
            "baseModel": base_model,
        }
        for model_type, number in ids.items()
    )
    checkpoint, vae = ids.pop("Checkpoint"), ids.pop("VAE", None)
    return Supplies(checkpoint, tuple(ids.values()), vae, records)


@singledispatch
def samples(field: Field, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """Values to try in a field as it is shown; the first is the plainest."""
    return []


@samples.register
def _number(field: Number, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    """Those that the field takes; what else it says of itself is for `default-fits`."""
    tried = [Sample(shown.get("default")), *_ends(shown)]
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
    longest = shown.get("max_length")
    empty = [] if shown.get("required") else [Sample(None, ("required",))]
    return [Sample(PROMPT[:longest]), *empty, *([Sample("x" * longest, ("max_length",))] if longest else [])]


@samples.register
def _images(field: Images, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    none = [] if shown.get("required") else [Sample(None, ("required",))]
    counts = {max(shown["min"], 1): "min", shown["max"]: "max"}
    return [*none, *(Sample([_image(n) for n in range(count)], (said,)) for count, said in counts.items())]


@samples.register
def _model(field: ModelVersion, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    return [Sample({"id": supplies.checkpoint}, ("options",))]


@samples.register
def _resource(field: Resource, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    return [Sample(None), *([Sample({"id": supplies.vae}, ())] if supplies.vae else [])]


@samples.register
def _resources(field: Resources, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    count = min(shown.get("limit", A_FEW), len(supplies.addons))
    entries: list[dict[str, Any]] = [{"id": number, "strength": 0.8} for number in supplies.addons[:count]]
    plain = [{"id": entry["id"]} for entry in entries]
    return [Sample([]), *([Sample(entries, ("limit",)), Sample(plain, ("limit",))] if entries else [])]


@samples.register
def _control_nets(field: ControlNets, shown: Shown, supplies: Supplies) -> list[Sample]:  # noqa: ARG001
    offered = [as_option(option)["value"] for option in shown.get("options") or ()]
    nets = [{"preprocessor": one, "image": _image(0)} for one in offered]
    ready = [{**nets[0], "mode": "preprocessed"}] * shown.get("limit", A_FEW) if nets else []
    return [Sample([]), *(Sample([net], ("options",)) for net in nets), Sample(ready, ("limit",))]


#: How many parts an option has that is no more than its value and its label.
_PLAIN = 2


def _ends(shown: Shown) -> list[Sample]:
    return [Sample(shown[end], (end,)) for end in ("min", "max") if shown.get(end) is not None]


def _image(number: int) -> dict[str, Any]:
    """A made-up image, every other one upright."""
    width, height = (1024, 768) if number % 2 == 0 else (768, 1024)
    return {"url": f"https://example.com/{number}.jpeg", "width": width, "height": height}
