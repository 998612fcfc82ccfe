"""Which field is kept where, as the platform's form keeps it in the browser.

Prompt and seed are the same whatever makes the picture; file format and priority are a person's own; source
media belong to what is done with them; and all else (the model, LoRAs, sliders, ratios) to the ecosystem, or
to the group of ecosystems that the form shows as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

SHARED, PREFERENCES, WORKFLOWS, ECOSYSTEMS = "shared", "preferences", "workflows", "ecosystems"

_SCOPES = {
    **dict.fromkeys(("prompt", "negativePrompt", "seed", "quantity", "controlNets"), SHARED),
    **dict.fromkeys(("outputFormat", "priority"), PREFERENCES),
    **dict.fromkeys(("images", "video"), WORKFLOWS),
}
#: Fields that a workflow key has a value of its own for: drafts come in fours.
_OF_A_WORKFLOW = {"txt2img:draft": ("quantity",)}


def scope_of(field: str, workflow: str) -> str:
    """Where a field is kept: one of the four scopes."""
    return WORKFLOWS if field in _OF_A_WORKFLOW.get(workflow, ()) else _SCOPES.get(field, ECOSYSTEMS)


def secrets_in(value: Any) -> Iterator[str]:
    """Why a value is not to be kept: content in place of an address, or one that is as good as a key."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from secrets_in(part)
    elif isinstance(value, str) and value[:5].lower() == "data:":
        yield "holds the medium itself, a data URL"
    elif isinstance(value, str) and value.startswith(("http://", "https://")):
        parts = urlsplit(value)
        if parts.query or "@" in parts.netloc:
            yield "has a URL that may hold a key, after ? or before @"
