"""What `civgen coverage` and `civgen resource` answer."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from civgen.results.following import Following


class Remedy(TypedDict):
    """What would make a condition hold.

    Attributes:
        change: What to change, in words.
        command: The command that does it, where there is one.
        sql: The statement that does it, where there is one.
    """

    change: str
    command: str | None
    sql: str | None


class Check(TypedDict):
    """One condition of a branch.

    Attributes:
        name: The same in every answer.
        asks: What must be so.
        holds: Whether it is.
        remedy: What would help; null where it holds.
    """

    name: str
    asks: str
    holds: bool
    remedy: Remedy | None


class CoverageBranch(TypedDict):
    """One way to be covered: all of its checks must hold.

    Attributes:
        name: Of the branch.
        holds: Whether it covers the version.
        checks: Its conditions.
    """

    name: str
    holds: bool
    checks: list[Check]


class VersionCoverage(TypedDict):
    """Whether rows let a model version generate.

    Attributes:
        version: Number of the model version.
        name: Of model and version.
        type: Model type.
        baseModel: As the version stores it.
        ecosystem: Key of the base model's.
        covered: Whether it may generate.
        through: The branches that cover it.
        branches: All ways to be covered.
    """

    version: int
    name: str
    type: str
    baseModel: str
    ecosystem: str | None
    covered: bool
    through: list[str]
    branches: list[CoverageBranch]


_From = TypedDict("_From", {"from": str})


class OneCoverage(VersionCoverage, _From, Following):
    """Whether rows let a model version generate.

    Attributes:
        from: The database that was asked, or the plan, where there is none.
    """


class EcosystemCoverage(_From, Following):
    """Whether rows let the versions of an ecosystem generate.

    Attributes:
        ecosystem: Its key.
        from: The database that was asked, or the plan, where there is none.
        versions: One after the other.
    """

    ecosystem: str
    versions: list[VersionCoverage]


class Strength(TypedDict):
    """The strengths that a resource takes.

    Attributes:
        min: The least.
        max: The most.
        default: Where none is given.
    """

    min: float
    max: float
    default: float


class LicensingFee(TypedDict):
    """What the owner of a model asks for its use.

    Attributes:
        amount: Of the currency.
        per: What it is paid for.
        currency: In which it is settled.
    """

    amount: float
    per: str | None
    currency: str | None


class Fees(TypedDict):
    """What a resource costs besides.

    Attributes:
        additional: Whether it costs extra beside a checkpoint.
        sizeKB: Of its file; small ones cost nothing extra.
        licensing: What its owner asks; null or 0 for nothing.
        access: What early access costs.
    """

    additional: bool
    sizeKB: float | None
    licensing: LicensingFee | float | None
    access: Any


class Training(TypedDict):
    """The training that made a version.

    Attributes:
        endedAt: When, in UTC.
        expiresAt: When its epochs go, in UTC.
        expired: Whether they are gone.
        epochs: Their numbers.
    """

    endedAt: str | None
    expiresAt: str | None
    expired: bool
    epochs: list[int]


class Obstacle(TypedDict):
    """One thing that stands in the way.

    Attributes:
        name: For machines.
        why: In words.
    """

    name: str
    why: str


class ResourceCard(_From, Following):
    """All there is to know of a resource before it is used.

    Attributes:
        id: Of the model version.
        name: Of model and version.
        type: Model type.
        air: As a body names it; null when none can be built.
        baseModel: As the version stores it.
        ecosystem: Key of the base model's.
        strength: The strengths that it takes.
        trainedWords: Words that bring it out.
        status: Of the version.
        availability: Of the version.
        owner: User who owns the model.
        covered: Whether rows let it generate.
        through: The branches that cover it.
        fees: What it costs besides.
        training: The training that made it.
        epoch: The training epoch that was asked for.
        alias: Version that the platform runs instead; civgen does not.
        private: Whether generating with it is private.
        canGenerate: Whether the person may generate with it.
        obstacles: What stands in the way.
        from: The database that was asked, or the plan, where there is none.
    """

    id: int
    name: str
    type: str
    air: str | None
    baseModel: str
    ecosystem: str | None
    strength: Strength
    trainedWords: list[str]
    status: str
    availability: str
    owner: int
    covered: bool
    through: list[str]
    fees: Fees
    training: Training | None
    epoch: int | None
    alias: int | None
    private: bool
    canGenerate: bool
    obstacles: list[Obstacle]


#: Of a model version, or of all of an ecosystem's.
Coverage = OneCoverage | EcosystemCoverage
