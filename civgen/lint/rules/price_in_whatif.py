"""CIV303."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from civgen.engines.pricing import price_step
from civgen.errors import CivgenError
from civgen.jobs.body import whatif_body
from civgen.jobs.preview import Preview, preview
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.rule import Rule
from civgen.lint.walks import situations, walks


class PriceInWhatif(Rule):
    '''Every field that changes the price is in what a price is asked with.

    Why: a field that is left out of the question is charged for and never shown. The published price of the
    steps that are submitted and of those that a price is asked with must be the same.

    Bad:

        # engines/video/marble.py
        """A hosted video model."""
        from __future__ import annotations
        from itertools import count
        from civgen.engines.base import Engine, Price, Step
        from civgen.forms.form import Form
        from civgen.forms.kinds.text import Text
        CALLS = count(1)
        class Marble(Engine):
            """Marble: its price hangs on how often it is asked for."""
            key, media, step_type = "marble", "video", "videoGen"
            wire_engine = "mochi"
            form = Form(Text("prompt", required=True))
            def build(self, values, resources, context):
                said = {"engine": "mochi", "seed": 1, "enablePromptEnhancer": True}
                return [Step("videoGen", said | {"prompt": values["prompt"]})]
            def price(self, step_input):
                return Price(100 * next(CALLS))
        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "A hosted video model."
        engine = "marble"
        workflows = ["txt2vid"]
        [[base_models]]
        id = 14000
        name = "Marble 1"
        media = "video"
        license = "Apache 2.0"
        [support]
        generation = ["Checkpoint"]
        [[versions]]
        id = 9000101
        model_id = 9000100
        label = "v1"
        default = true

    Good:

        # ecosystems/Veo3.toml
        override = true
        order = 7
    '''

    code, name = "CIV303", "price-in-whatif"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        for situation in situations(house, maker):
            given = next(iter(walks(situation))).given
            try:
                found = preview(situation.request(given), situation.platform, situation.supplies.records)
                asked, charged = _prices(found, house, whatif_body(found.body)["steps"])
            except (CivgenError, ArithmeticError, LookupError, TypeError):
                continue  # CIV301 and CIV501 say what is wrong
            if asked != charged:
                message = f"{situation.workflow} is asked for at {asked}, and charged at {charged}"
                yield self.finding(message, maker.source.where("price"), subject=maker.subject)
                return


def _prices(found: Preview, house: House, asked: Sequence[Mapping[str, Any]]) -> tuple[Any, Any]:
    """The published prices of the steps that a price is asked with, and of those that are submitted."""
    submitted = [step.as_json() for step in found.steps]
    return _totals(found, house, asked), _totals(found, house, submitted)


def _totals(found: Preview, house: House, steps: Sequence[Mapping[str, Any]]) -> list[int | None]:
    prices = (
        price_step({**one, "source": step.source}, house.platform.engines)
        for step, one in zip(found.steps, steps, strict=True)
    )
    return [price.total if price else None for price in prices]
