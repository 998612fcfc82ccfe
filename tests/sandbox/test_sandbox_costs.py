"""What is not known to cost something is never said to cost nothing."""

from __future__ import annotations

from typing import Any

import pytest
from asking import IMAGES, UNPRICED, VIDEO, Asking

from civgen.engines.base import Engine, Price
from civgen.engines.pricing import price_step
from civgen.engines.registry import Engines

ENGINES = Engines()


def test_a_cost_is_the_price_that_the_engine_publishes(sandbox: Asking) -> None:
    price = ENGINES["veo3"].price(VIDEO["input"])
    assert price is not None
    cost = sandbox.whatif()["cost"]
    assert cost["total"] == price.total > 0
    assert (cost["base"], cost["factors"], cost["fixed"]) == (price.base, price.factors, price.fixed)
    assert (cost["estimate"], cost["source"]) == (True, "sandbox")


def test_several_steps_add_up(sandbox: Asking) -> None:
    each = [sandbox.whatif(step)["cost"]["total"] for step in (VIDEO, IMAGES)]
    assert sandbox.whatif(VIDEO, IMAGES)["cost"]["total"] == sum(each)


def test_one_step_without_a_price_makes_the_whole_unknown(sandbox: Asking) -> None:
    for steps in ([UNPRICED], [VIDEO, UNPRICED]):
        answer = sandbox.whatif(*steps)
        assert answer["cost"]["total"] is None and answer["cost"]["base"] is None
        assert (answer["cost"]["estimate"], answer["cost"]["source"]) == (True, "sandbox")
        assert answer["transactions"]["list"] == []


def test_tips_come_on_top(sandbox: Asking) -> None:
    plain = sandbox.whatif()["cost"]["total"]
    tipped = sandbox.whatif(tips={"civitai": 0.5, "creators": 0.25})["cost"]
    assert tipped["tips"] == {"civitai": round(plain * 0.5), "creators": round(plain * 0.25)}
    assert tipped["total"] == plain + sum(tipped["tips"].values())


def test_the_first_currency_pays(sandbox: Asking) -> None:
    charged = sandbox.submit(currencies=["blue", "yellow"])["transactions"]["list"]
    assert [(one["type"], one["accountType"]) for one in charged] == [("debit", "blue")]


def test_a_step_is_priced_by_the_engine_whose_key_or_wire_name_it_has() -> None:
    class Renamed(Engine):
        key, media, step_type, wire_engine = "renamed", "video", "videoGen", "wire-name"

        def build(self, *_: Any) -> Any: ...

        def price(self, step_input: Any) -> Price | None:
            return Price(10, {"seconds": step_input["duration"]}) if step_input["duration"] > 1 else None

    engines: Any = {"renamed": Renamed()}

    def total(engine: str, duration: Any, step_type: str = "videoGen") -> int | None:
        step = {"$type": step_type, "input": {"engine": engine, "duration": duration}}
        price = price_step(step, engines)
        return price and price.total

    assert total("wire-name", 3) == total("renamed", 3) == 30
    assert total("another", 3) is total("wire-name", 1) is total("wire-name", 3, "imageGen") is None


def test_a_price_that_hangs_on_an_earlier_step_is_not_known() -> None:
    later = {"$ref": "$0", "path": "output.images[0].url"}
    first_image = {**VIDEO, "input": {**VIDEO["input"], "images": [later]}}
    assert price_step(first_image, ENGINES) == price_step(VIDEO, ENGINES) is not None
    length = {**VIDEO, "input": {**VIDEO["input"], "duration": {"$ref": "$0", "path": "output.duration"}}}
    assert price_step(length, ENGINES) is None


def test_null_counts_as_left_out() -> None:
    unsaid = {**IMAGES, "input": {name: one for name, one in IMAGES["input"].items() if name != "quantity"}}
    null = {**IMAGES, "input": {**IMAGES["input"], "quantity": None}}
    assert price_step(null, ENGINES) == price_step(unsaid, ENGINES) is not None


@pytest.mark.parametrize("given", ["https://example.org/i.png", None])
def test_an_input_that_is_no_object_has_no_price(given: Any) -> None:
    assert price_step({"$type": "imageUpload", "input": given}, ENGINES) is None
