"""From steps to the body that is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from civgen.engines.base import Resources, Step
from civgen.jobs.limits import PLAIN, Limits
from civgen.jobs.request import Request

#: The platform's time limit of a step: 20 minutes, and one more for each resource beside the checkpoint.
MINUTES, MINUTES_PER_RESOURCE = 20, 1

#: What `imageGen` makes when nothing is said: the first of the contract's ImageGenOutputFormat, and the
#: one without a surcharge. `textToImage` has another, so its engine always says it.
IMAGE_GEN_FORMAT = "jpeg"

#: Tags that say who made it and what came of it, as the platform's queue filters by them.
_MEDIA_TAGS = {"image": "img", "video": "vid", "audio": "aud", "model3d": "vid"}


def body_of(
    request: Request,
    values: Mapping[str, Any],
    resources: Resources,
    steps: Sequence[Step],
    currencies: Sequence[str],
    limits: Limits = PLAIN,
) -> dict[str, Any]:
    """The orchestrator workflow of a request, ready to post.

    Args:
        currencies: the environment's, unless the request names its own.
    """
    options = request.options
    media = _MEDIA_TAGS[request.engine.media]
    body: dict[str, Any] = {
        "steps": [_step(step, values, resources) for step in steps],
        "tags": ["civgen", "gen", media, *_route(request).values(), *options.tags],
        "metadata": _metadata(request, values, resources, limits),
        **limits.as_body(),
        "currencies": list(options.currencies or currencies),
    }
    extra = {"experimental": options.experimental, "externalId": options.externalId}
    return body | {name: value for name, value in extra.items() if value is not None}


def whatif_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body that is posted for a price: never with `externalId`, or the API would hand it out again."""
    return {name: body[name] for name in ("steps", "currencies", "experimental") if name in body}


def _route(request: Request) -> dict[str, str]:
    """Where a request went: its workflow key, and its ecosystem if it has one."""
    ecosystem = {"ecosystem": request.ecosystem.key} if request.ecosystem else {}
    return {"workflow": request.workflow, **ecosystem}


def _step(step: Step, values: Mapping[str, Any], resources: Resources) -> dict[str, Any]:
    minutes = MINUTES + MINUTES_PER_RESOURCE * (len(resources.addons) + (resources.vae is not None))
    body = _formatted(step, values) | {"timeout": f"{minutes // 60:02}:{minutes % 60:02}:00"}
    return body | ({"priority": values["priority"]} if "priority" in values else {})


def _formatted(step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
    """The step, with the file format that `imageGen` is to make when it is not the one it makes anyway."""
    body = step.as_json()
    wanted = values.get("outputFormat", IMAGE_GEN_FORMAT)
    if step.type == "imageGen" and wanted != IMAGE_GEN_FORMAT:
        body["input"] = {**body["input"], "outputFormat": wanted}
    return body


def _metadata(
    request: Request, values: Mapping[str, Any], resources: Resources, limits: Limits
) -> dict[str, Any]:
    named = ("model", "resources", "vae", "upscaler")
    params = {name: value for name, value in values.items() if name not in named and value not in (None, [])}
    return {
        "params": {**_route(request), **params},
        "resources": [
            {"id": one.id, "model": {"type": one.type}}
            | ({} if one.strength is None else {"strength": one.strength})
            | ({} if one.epoch is None else {"epochNumber": one.epoch})
            for one in resources.all
        ],
        "isPrivateGeneration": limits.is_private,
    }
