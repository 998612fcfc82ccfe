"""Evaluations of a form and previews a second, on one core, beside a plain Pydantic model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from benchmarks.measure import Row

if TYPE_CHECKING:
    from civgen.catalog.records import Ecosystem
    from civgen.jobs.platform import Platform

SECONDS = 1.0
#: As long for each of all forms.
SHORT = 0.1
PEER = "Pydantic, ten fields without conditions"
REQUESTS = [
    {"ecosystem": "Seedream", "prompt": "a red fox", "aspectRatio": "16:9"},
    {"ecosystem": "SDXL", "prompt": "a red fox", "steps": 25, "sampler": "Euler"},
    {"ecosystem": "Flux1", "prompt": "a red fox", "cfgScale": 4},
    {"ecosystem": "Kling", "workflow": "txt2vid", "prompt": "a red fox"},
]


def rows() -> Iterator[Row]:
    """Each request as a form alone, and carried through to a checked body."""
    from civgen.catalog import Catalog
    from civgen.engines.registry import Engines
    from civgen.jobs.platform import Platform
    from civgen.jobs.preview import preview
    from civgen.jobs.request import read_request

    platform = Platform(Catalog(), Engines())
    theirs = _per_second(_peer())
    for request in REQUESTS:
        understood = read_request(request, platform)
        form = platform.form(request["ecosystem"], understood.engine)
        facts = platform.facts(understood.workflow)
        given = {key: value for key, value in request.items() if key not in ("ecosystem", "workflow")}
        ours = _per_second(lambda f=form, g=given, k=facts: f.fill(g, k))
        yield Row(f"form of {request['ecosystem']}", ours, PEER, theirs, "/s")
        ours = _per_second(lambda r=request: preview(r, platform))
        yield Row(f"preview of {request['ecosystem']}", ours, PEER, theirs, "/s")
    yield from _every_form(platform)


def _every_form(platform: Platform) -> Iterator[Row]:
    """The slowest of all forms, beside Seedream's."""
    rates = {
        f"{ecosystem.key} {workflow}": _per_second(_filling(platform, ecosystem, workflow), SHORT)
        for ecosystem in platform.catalog.all_ecosystems()
        if ecosystem.engine
        for workflow in ecosystem.workflows
    }
    slowest = min(rates, key=lambda name: rates[name])
    seedream = max(rate for name, rate in rates.items() if name.startswith("Seedream "))
    yield Row(f"slowest: {slowest}", rates[slowest], f"Seedream, of {len(rates)} forms", seedream, "/s")


def _filling(platform: Platform, ecosystem: Ecosystem, workflow: str) -> Callable[[], object]:
    engine = platform.engines[platform.catalog.engine_of(ecosystem, workflow) or ""]
    form, facts = platform.form(ecosystem.key, engine), platform.facts(workflow)
    shown = {one.key for one, now in form.fill({}, facts).shown if not now.get("hidden")}
    image = {"url": "https://a.example/a.png", "width": 1024, "height": 768}
    given = {"prompt": "a red fox", "images": [image]}
    given = {key: value for key, value in given.items() if key in shown}
    return lambda: form.fill(given, facts)


def _peer() -> Callable[[], object]:
    from typing import Literal

    from pydantic import BaseModel, Field

    class Plain(BaseModel):
        prompt: str = Field(min_length=1, max_length=6000)
        negative: str = ""
        ratio: Literal["16:9", "1:1", "9:16"] = "1:1"
        steps: int = Field(25, ge=10, le=50)
        cfg: float = Field(7, ge=1, le=30)
        seed: int | None = Field(None, ge=1, le=4294967295)
        quantity: int = Field(1, ge=1, le=4)
        priority: Literal["low", "normal", "high"] = "low"
        sampler: Literal["Euler", "Euler a"] = "Euler"
        images: list[str] = []

    return lambda: Plain(prompt="a red fox", steps=25, ratio="16:9")


def _per_second(work: Callable[[], object], seconds: float = SECONDS) -> float:
    work()
    started, done = time.process_time(), 0
    while time.process_time() - started < seconds:
        for _ in range(100):
            work()
        done += 100
    return done / (time.process_time() - started)
