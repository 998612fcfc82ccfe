"""Every figure that the recipe pages publish is reproduced, or docs/prices.md says why not."""

import json
import re
from pathlib import Path

import pytest

from civgen.jobs.matrix import Axis, matrix
from civgen.jobs.prices import estimate_request, estimate_step
from civgen.jobs.request import read_request

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT.parent / "shared" / "pricing" / "examples.json"
PAGE = (ROOT / "docs" / "prices.md").read_text()
# What the figure's row says of the medium; the step itself only says where it lies.
SOURCES = {
    "image-upscaler-278": {"width": 2048, "height": 2048},
    "image-upscaler-279": {"width": 1024, "height": 1024},
    "image-background-removal-194": {"width": 1024, "height": 1024},
    "image-background-removal-195": {"width": 2048, "height": 2048},
    "image-background-removal-196": {"width": 4096, "height": 4096},
    "index-68": {"width": 512, "height": 768},
    "video-interpolation-295": {"width": 1280, "height": 720, "fps": 30, "duration": 8},
}
VIDEO = {"url": "https://a.b/c.mp4", "metadata": {"width": 640, "height": 480, "fps": 24, "duration": 5}}


def listed(heading):
    """What the first column of a section's table names."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def reproduced(example, platform):
    step = example["step"] | {"source": SOURCES.get(example["id"], {})}
    price = estimate_step(step, platform).price
    return price is not None and (
        price.total == example["buzz"] or price.exact == pytest.approx(example["buzz"], rel=1e-9)
    )


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the published figures are not beside this checkout")
def test_every_published_figure_is_reproduced_or_listed_with_its_reason(platform):
    examples = json.loads(EXAMPLES.read_text())
    missed = {one["id"] for one in examples if not reproduced(one, platform)}
    assert missed == listed("Published figures that are not reproduced")
    assert len(examples) - len(missed) >= 140


@pytest.fixture(scope="module")
def priced(platform):
    """Engines by whether any plain request of them has a price."""
    found: dict[str, bool] = {}

    def note(request, known):
        engine = read_request(request, platform).engine.key
        found[engine] = found.get(engine, False) or known

    axes = [Axis("ecosystem"), Axis("workflow"), Axis("model")]
    for cell in (cell for cell in matrix({}, axes, platform) if cell.estimate):
        model = {"model": {"id": cell.values["model"]}} if cell.values["model"] else {}
        note(cell.values | {"model": None} | model, cell.total is not None)
    for tool in (one for one in platform.catalog.workflows.records if one.engine):
        request = {"workflow": tool.key} | ({"video": VIDEO} if tool.source == "video" else {})
        note(request, estimate_request(request, platform).price is not None)
    return found


@pytest.mark.parametrize(
    ("heading", "known"), [("Engines with a published price", True), ("Engines without one", False)]
)
def test_the_page_lists_every_engine_by_whether_its_price_is_known(priced, platform, heading, known):
    assert set(priced) == set(platform.engines)
    assert listed(heading) == {engine for engine, is_known in priced.items() if is_known is known}
