"""CIV304."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import CivgenError
from civgen.jobs.preview import preview
from civgen.jobs.submit import offline_price
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.rule import Rule
from civgen.lint.sources import ENGINES_HOME
from civgen.lint.walks import Situation, situations, walks


class PriceKnown(Rule):
    '''An engine that computes a price has one for a plain request.

    Why: an engine without `price` says that its price is not published, and everybody is told so. One whose
    `price` answers nothing for what people ask most is a mistake that looks the same.

    Bad:

        # engines/video/marble.py
        """A hosted video model."""
        from __future__ import annotations
        from civgen.engines.base import Engine, Step
        from civgen.forms.form import Form
        from civgen.forms.kinds.text import Text
        class Marble(Engine):
            """Marble: computes a price, and never has one."""
            key, media, step_type = "marble", "video", "videoGen"
            wire_engine = "mochi"
            form = Form(Text("prompt", required=True))
            def build(self, values, resources, context):
                said = {"engine": "mochi", "seed": 1, "enablePromptEnhancer": True}
                return [Step("videoGen", said | {"prompt": values["prompt"]})]
            def price(self, step_input):
                return None
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

    code, name, severity = "CIV304", "price-known", "notice"
    needs = "engines"
    sure = "likely"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        # Those of civgen itself are held against every published example by its tests.
        if "price" not in maker.source.names or maker.source.path.is_relative_to(ENGINES_HOME):
            return
        answers = [_price(house, one) for one in situations(house, maker)]
        if answers and not any(answer is not None for answer in answers):
            message = "price answers nothing for any plain request"
            right = "Leave it out, which says that the price is not published; or mend it."
            yield self.finding(message, maker.source.where("price"), right=right, subject=maker.subject)


def _price(house: House, situation: Situation) -> int | None:
    given = next(iter(walks(situation))).given
    try:
        found = preview(situation.request(given), situation.platform, situation.supplies.records)
        return offline_price(found, house.platform)
    except (CivgenError, ArithmeticError, LookupError, TypeError):
        return 0  # other rules say what is wrong
