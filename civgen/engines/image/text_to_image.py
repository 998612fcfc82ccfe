"""The orchestrator's first engine: open weights with samplers, LoRAs and Comfy graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.engines import fields
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.engines.comfy import comfy_step, has_graph, parameters_of
from civgen.engines.controlnets import control_nets
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.resources import ControlNets, Resource
from civgen.forms.kinds.text import Text

#: How much a hires fix enlarges each side; the platform's forms compute 1.5.
HIRES_SCALE = 1.5

#: Switches of the form that ask for another engine behind the wire, and its name there.
_SWITCHES = {"enhancedCompatibility": "comfyui", "fluxUltraRaw": "flux-pro-raw"}

_FROM_IMAGE = ("img2img", "img2img:face-fix", "img2img:hires-fix")
_PAINTS_ONCE = {"workflow": ["txt2img", "txt2img:draft"]}


class TextToImage(Engine):
    """Stable Diffusion, SDXL and its children, Flux.1, Chroma and others with open weights.

    Operations: `txt2img` and `txt2img:draft` go out as one `textToImage` step (with a `preprocessImage`
    step before it for each ControlNet); variations, face fix and hires fix go out as one `comfy` step
    with a node graph. Limits are the `TextToImageInput` schema's (1 to 150 steps, cfg 1 to 30) unless
    the ecosystem narrows them. What draft mode sends stands in `[engine_options.draft]` of the ecosystem;
    `sends` in `engine_options`, or in the `engine` table of a version, holds input fields with what they
    always are, whatever the form says.

    No price is published for either step type.
    """

    key = "text-to-image"
    media = "image"
    step_type = "textToImage"
    form = Form(
        fields.priority(),
        fields.output_format(),
        fields.model(),
        fields.images(*_FROM_IMAGE),
        fields.resources(),
        Resource("vae", label="VAE", hidden=True),
        AspectRatio(sizes="sdxl", default="1:1", when=[{"match": {"images": {"min": 1}}, "hidden": True}]),
        fields.prompt(),
        Text("negativePrompt", max_length=6000, hidden=True),
        Choice("sampler", options=["Euler", "Euler a", "DPM++ 2M Karras"], default="Euler"),
        Number("cfgScale", label="CFG scale", min=1, max=30, step=0.5, default=7),
        Number("steps", min=1, max=50, step=1, default=25),
        Number("clipSkip", min=1, max=3, step=1, default=2, hidden=True),
        ControlNets(options=[], limit=1, hidden=True),
        fields.seed(),
        Number(
            "denoise", min=0, max=1, step=0.01, default=0.75,
            when=[{"match": _PAINTS_ONCE, "hidden": True, "why": "nothing is painted twice here"}],
        ),
        Toggle("enhancedCompatibility", hidden=True),
        Toggle("fluxUltraRaw", label="Raw", hidden=True),
        fields.quantity(when=[{"match": {"workflow": "txt2img:draft"}, "min": 4, "step": 4, "default": 4}]),
    )  # fmt: skip

    def build(self, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
        """One `textToImage` step with its ControlNets, or one `comfy` step."""
        if has_graph(context.workflow):
            return [_comfy(values, resources, context)]
        steps, nets = control_nets(values.get("controlNets") or [], context)
        return [
            *steps,
            Step(
                self.step_type, _input(values, resources, context) | ({"controlNets": nets} if nets else {})
            ),
        ]


def _input(values: Values, resources: Resources, context: BuildContext) -> dict[str, Any]:
    size = values["aspectRatio"]
    body = {
        "model": resources.checkpoint.air if resources.checkpoint else None,
        "additionalNetworks": {one.air: {"strength": one.strength} for one in resources.all[1:]},
        "prompt": values["prompt"],
        "negativePrompt": values.get("negativePrompt"),
        "scheduler": context.sampler(values["sampler"]).scheduler if "sampler" in values else "undefined",
        "steps": values.get("steps"),
        "cfgScale": values.get("cfgScale"),
        "clipSkip": values.get("clipSkip"),
        "seed": values["seed"],
        "width": size["width"],
        "height": size["height"],
        "quantity": values["quantity"],
        "batchSize": 1,
        "outputFormat": values["outputFormat"],
        "engine": next((wire for switch, wire in _SWITCHES.items() if values.get(switch)), None),
        **context.options.get("sends", {}),
    }
    draft = context.options.get("draft")
    return _as_draft(body, draft, context) if draft and context.workflow == "txt2img:draft" else body


def _as_draft(body: dict[str, Any], draft: Mapping[str, Any], context: BuildContext) -> dict[str, Any]:
    """Draft mode: few steps with a distilled LoRA, several images a batch."""
    batch = draft["batch"]
    return body | {
        "additionalNetworks": body["additionalNetworks"] | {draft["lora"]: {"strength": 1}},
        "scheduler": context.sampler(draft["sampler"]).scheduler,
        "steps": draft["steps"],
        "cfgScale": draft["cfg"],
        "quantity": -(-body["quantity"] // batch),
        "batchSize": batch,
    }


def _comfy(values: Values, resources: Resources, context: BuildContext) -> Step:
    image = next(iter(values.get("images") or []), None)
    size = image or values["aspectRatio"]
    sampler = context.sampler(values["sampler"]).comfy or {}
    known = {
        **{
            name: values[name]
            for name in ("prompt", "negativePrompt", "seed", "steps", "cfgScale")
            if name in values
        },
        "sampler": sampler.get("sampler"),
        "scheduler": sampler.get("scheduler"),
        "outputFormat": values["outputFormat"],
        "image": image and image["url"],
        "denoise": values["denoise"],
        "upscaleWidth": round(size["width"] * HIRES_SCALE),
        "upscaleHeight": round(size["height"] * HIRES_SCALE),
    }
    asked = parameters_of(context.workflow)
    parameters = {name: value for name, value in known.items() if name in asked}
    parameters |= {"width": size["width"], "height": size["height"]}
    return comfy_step(context.workflow, parameters, resources, values["quantity"])
