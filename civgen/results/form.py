"""What `civgen form`, `civgen preview` and `civgen price` answer."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from civgen.results.error import Detail, Place
from civgen.results.following import Following


class Field(TypedDict):
    """A field of a form; what does not apply to it is left out.

    Attributes:
        key: As a request names it.
        kind: What it takes: number, choice, text, images, resources, and so on.
        label: For people.
        default: Where no value is given.
        min: The least; of a text, how many characters at least.
        max: The most.
        step: Between values; of resources, the strengths that one takes.
        options: What may be chosen, each with value and label.
        limit: How many, or how much.
        unit: Of the value.
        fixed: The only value there is now.
        presets: Values with names.
        why: Why it is as it is.
        required: Whether a value must be given.
        hidden: Whether people are not shown it.
        disabled: Whether it cannot be changed now.
        conditions: What would change it, in words.
    """

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012
    key: str
    kind: str
    label: NotRequired[str]
    default: NotRequired[Any]
    min: NotRequired[float]
    max: NotRequired[float]
    step: NotRequired[Any]
    options: NotRequired[list[dict[str, Any]]]
    limit: NotRequired[Any]
    unit: NotRequired[str]
    fixed: NotRequired[Any]
    presets: NotRequired[Any]
    why: NotRequired[str]
    required: NotRequired[bool]
    hidden: NotRequired[bool]
    disabled: NotRequired[bool]
    conditions: NotRequired[list[str]]


class Route(TypedDict):
    """Where a request goes.

    Attributes:
        ecosystem: Its key; null for a tool.
        workflow: Workflow key.
        engine: Its key.
        version: Number of the model version; null where there is none.
    """

    ecosystem: str | None
    workflow: str
    engine: str
    version: int | None


class Form(Route):
    """What may be filled in.

    Attributes:
        fields: In their order.
        problems: Values that were given and do not fit.
    """

    fields: list[Field]
    problems: NotRequired[list[Detail]]


class Part(TypedDict):
    """One thing that is said of a field.

    Attributes:
        part: What it is about: default, max, options, and so on.
        value: What is said.
        owner: Who says so: the engine, an ecosystem, a version, a tier.
        where: The place that says so.
        condition: When it holds, in words; null for always.
        match: The same as data: all of these must have one of their values.
        unless: The same as data: none of these may.
        applies: Whether it holds now.
        stands: Whether nothing after it says otherwise.
    """

    part: str
    value: Any
    owner: str
    where: Place | None
    condition: str | None
    match: dict[str, Any]
    unless: dict[str, Any]
    applies: bool
    stands: bool


class FieldExplained(Route):
    """Where each part of a field comes from.

    Attributes:
        field: As it stands.
        parts: In the order in which they are laid over one another.
    """

    field: Field
    parts: list[Part]


class FieldDifference(TypedDict):
    """A part of a field in which two forms differ.

    Attributes:
        key: Of the field.
        part: Of the field.
        left: What the first form has.
        right: What the second form has.
    """

    key: str
    part: str
    left: Any
    right: Any


class FormDifference(TypedDict):
    """How the forms of two ecosystems differ.

    Attributes:
        left: The first form.
        right: The second form.
        only_left: Fields that only the first has.
        only_right: Fields that only the second has.
        differ: What differs in fields that both have.
        same: Fields that are the same.
    """

    left: Route
    right: Route
    only_left: list[str]
    only_right: list[str]
    differ: list[FieldDifference]
    same: list[str]


Repair = TypedDict("Repair", {"field": str, "from": Any, "to": Any, "why": str})
Repair.__doc__ = """A value that was changed, under --repair.

Attributes:
    field: Of the request.
    from: What was given.
    to: What it is now.
    why: What was wrong with it.
"""


class Checked(TypedDict):
    """The values of a request that fits.

    Attributes:
        values: By field.
        repairs: What was changed, under --repair.
    """

    values: dict[str, Any]
    repairs: list[Repair]


class Validated(Checked, Following):
    """The values of a request that fits, and what can be done with it."""


class Page(TypedDict):
    """A form as a page.

    Attributes:
        file: That was written.
        bytes: Of the file.
        exact: Whether payload and price on the page are, for every workflow key and version.
        unsure: Those for which a part of the payload is left to `civgen preview`.
    """

    file: str
    bytes: int
    exact: bool
    unsure: list[str]


class Body(TypedDict):
    """What would be posted, and nothing else.

    Attributes:
        steps: Steps of the orchestrator workflow, each with $type and input.
        tags: By which jobs are found again.
        metadata: For the platform's own pages.
        externalId: Under which it can be sent once only; given when it is submitted.
        currencies: That may pay.
        allowMatureContent: Left out where the currency decides.
        nsfwLevel: Highest level of results.
    """

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012
    steps: list[dict[str, Any]]
    tags: NotRequired[list[str]]
    metadata: NotRequired[Any]
    externalId: NotRequired[str]
    currencies: NotRequired[list[str]]
    allowMatureContent: NotRequired[bool | None]
    nsfwLevel: NotRequired[str | None]


class Previewed(Checked):
    """A request with the body that would be posted.

    Attributes:
        body: What would be posted.
    """

    body: Body


class LineShown(Form):
    """A line of a batch, with its form.

    Attributes:
        id: As the line gave it.
        ok: Always true.
    """

    id: Any
    ok: bool


class LineChecked(Checked):
    """A line of a batch whose request fits.

    Attributes:
        id: As the line gave it.
        ok: Always true.
    """

    id: Any
    ok: bool


class LinePreviewed(Previewed):
    """A line of a batch with the body that would be posted.

    Attributes:
        id: As the line gave it.
        ok: Always true.
    """

    id: Any
    ok: bool


class Price(TypedDict):
    """A published price, in Buzz.

    Attributes:
        total: Null when it is not known; never 0 for that.
        base: Before factors.
        factors: What the base is multiplied by, by name.
        fixed: What is added then, by name.
        known: Whether it is.
    """

    total: int | None
    base: float | None
    factors: dict[str, float]
    fixed: dict[str, float]
    known: bool


class StepPrice(Price):
    """The published price of a step.

    Attributes:
        step: Its name.
    """

    step: str


class Estimate(Price):
    """What a request costs by published prices.

    Attributes:
        steps: One after the other, where there are several.
        unpriced: Steps that have no published price.
        assumed: Fields that were not given, and were stood in for.
    """

    steps: NotRequired[list[StepPrice]]
    unpriced: NotRequired[list[str]]
    assumed: NotRequired[list[str]]


class Priced(Estimate, Following):
    """What a request costs by published prices, and how the orchestrator is asked."""


class PricedCell(Estimate):
    """A combination of values with its price.

    Attributes:
        values: The combination.
    """

    values: dict[str, Any]


class RefusedCell(TypedDict):
    """A combination of values that the form refuses.

    Attributes:
        values: The combination.
        refused: Why.
    """

    values: dict[str, Any]
    refused: str | None


class Matrix(TypedDict):
    """The price of every combination.

    Attributes:
        axes: Fields that vary.
        cells: Combination by combination.
    """

    axes: list[str]
    cells: list[PricedCell | RefusedCell]


class LinePriced(Estimate):
    """A line of a batch with its price.

    Attributes:
        id: As the line gave it.
        ok: Always true.
    """

    id: Any
    ok: bool


#: A form, where one of its fields comes from (--explain), or how it differs from another (--diff).
FormShown = Form | FieldExplained | FormDifference
#: A price, or with --matrix many.
Prices = Priced | Matrix
