"""Requests a second: one batch, beside one process a request, and with resources and images mixed in."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, once

MANY = 5000
FEW = 5
IMAGE = {"url": "https://image.example/a.png", "width": 1024, "height": 768}
REQUESTS = [
    {"ecosystem": "SDXL", "prompt": "a red fox", "steps": 25, "sampler": "Euler"},
    {"ecosystem": "SDXL", "workflow": "img2img", "prompt": "a red fox", "images": [IMAGE]},
    {"ecosystem": "Seedream", "prompt": "a red fox", "aspectRatio": "16:9"},
    {"ecosystem": "Veo3", "prompt": "a red fox", "duration": 8, "generateAudio": True},
]


def rows() -> Iterator[Row]:
    """Preview many requests in one process, and a few in one each."""
    civgen = [sys.executable, "-m", "civgen", "preview"]
    lines = [json.dumps({"id": str(n), "request": REQUESTS[n % len(REQUESTS)]}) for n in range(MANY)]
    batch = MANY / once([*civgen, "--batch", "-", "--json"], "\n".join(lines)) * 1000
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder) / "request.json"
        request.write_text(json.dumps(REQUESTS[0]))
        single = 1000 / statistics.median(once([*civgen, str(request), "--json"]) for _ in range(FEW))
    yield Row(f"preview of {MANY} requests", batch, "one process a request", single, "/s")
