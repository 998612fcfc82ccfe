"""A sandbox to ask over HTTP, in process, with a clock that the test moves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from civgen.engines.registry import Engines
from civgen.orchestrator.contract import load_contract
from civgen.sandbox.app import create_app

URL = "http://127.0.0.1:8788"
WORKFLOWS = "/v2/consumer/workflows"
BLOBS = "/v2/consumer/blobs"

VIDEO = {
    "$type": "videoGen",
    "input": {
        "engine": "veo3",
        "prompt": "a red fox",
        "duration": 8,
        "aspectRatio": "16:9",
        "generateAudio": True,
    },
}
IMAGES = {
    "$type": "imageGen",
    "input": {
        "engine": "seedream",
        "version": "v4",
        "prompt": "a red fox in the snow",
        "width": 1024,
        "height": 512,
        "seed": 7,
        "quantity": 3,
    },
}
#: Nobody publishes what this costs.
UNPRICED = {"$type": "imageUpscaler", "input": {"image": "https://example.org/fox.png"}}


def body(*steps: dict[str, Any], **own: Any) -> dict[str, Any]:
    """A submit body, of one video unless steps are given."""
    return {"steps": list(steps or (VIDEO,)), "currencies": ["yellow"], **own}


def saying(words: str, step: dict[str, Any] = VIDEO) -> dict[str, Any]:
    """A step with another prompt."""
    return {**step, "input": {**step["input"], "prompt": words}}


@dataclass
class Clock:
    """Time that stands still until it is moved; seconds of the epoch."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Asking:
    """Asks a sandbox, request by request."""

    file: Path | str
    clock: Any
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app = create_app(self.file, Engines(), load_contract(), clock=self.clock, **self.extra)
        self.store = app.state.sandbox.store
        self._runner = asyncio.Runner()
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL)

    def close(self) -> None:
        """Let go of everything."""
        self._runner.run(self.http.aclose())
        self._runner.close()
        self.store.close()

    def ask(self, method: str, path: str, **extra: Any) -> httpx.Response:
        """One request."""
        return self._runner.run(self.http.request(method, path, **extra))

    def submit(self, *steps: dict[str, Any], **own: Any) -> dict[str, Any]:
        """Submit what must be accepted."""
        return self._workflow("POST", WORKFLOWS, json=body(*steps, **own))

    def whatif(self, *steps: dict[str, Any], **own: Any) -> dict[str, Any]:
        """Ask for the price of what must be accepted."""
        return self._workflow("POST", WORKFLOWS, json=body(*steps, **own), params={"whatif": "true"})

    def get(self, workflow_id: str, **params: Any) -> dict[str, Any]:
        """Read what must be there."""
        return self._workflow("GET", f"{WORKFLOWS}/{workflow_id}", params=params)

    def finish(self, *steps: dict[str, Any], **own: Any) -> dict[str, Any]:
        """Submit, and let it end."""
        submitted = self.submit(*steps, **own)
        self.clock.now += 2
        return self.get(submitted["id"])

    def listed(self, **params: Any) -> list[str]:
        """The ids on one page."""
        return [one["id"] for one in self.ask("GET", WORKFLOWS, params=params).json()["items"]]

    def _workflow(self, method: str, path: str, **extra: Any) -> dict[str, Any]:
        answer = self.ask(method, path, **extra)
        assert answer.status_code in (200, 202), answer.text
        return dict(answer.json())
