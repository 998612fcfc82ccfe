"""What must be known before something is added: the answers, checked one by one.

What they must agree on with everything that exists already is for `civgen.scaffold.judge`.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from civgen.catalog.words import Number, Scalar
from civgen.errors import InvalidInput, Problem, did_you_mean

_LINE = r"^[^\x00-\x1f\x7f]*$"
_ADDRESS = r"^https?://[^\s\x00-\x1f]+$"
_FILE_KEY = r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$"
_ENGINE_KEY = r"^[a-z0-9]+([._\-][a-z0-9]+)*$"
_SEGMENT = r"^[a-z0-9_\-]+$"
_RULE_NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)+$"
_OPTION_NAME = r"^[A-Za-z0-9_\-]+$"
_SENTENCE = r"\.$"
_CODE = r"^CIV[1-9]\d\d$"

#: One line of text: it goes into files, where a control character could begin another.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=_LINE)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_ADDRESS)]
#: A key that is also the name of a file, on every system.
FileKey = Annotated[str, StringConstraints(max_length=60, pattern=_FILE_KEY)]
EngineKey = Annotated[str, StringConstraints(max_length=60, pattern=_ENGINE_KEY)]
Segment = Annotated[str, StringConstraints(pattern=_SEGMENT)]
RuleName = Annotated[str, StringConstraints(max_length=60, pattern=_RULE_NAME)]
OptionName = Annotated[str, StringConstraints(pattern=_OPTION_NAME)]
Media = Literal["image", "video"]
Coverage = Literal["ecosystem-checkpoint", "external", "covered-checkpoint"]


class Answers(BaseModel):
    """Root of all answers: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    #: The answer that stands on the command line without a flag.
    argument: ClassVar[str] = ""


class BaseModelAnswers(Answers):
    """A base model, the ecosystem it belongs to, and its first model version.

    None means: not said. What the ecosystem says already need not be said again, and must agree if it is.

    Attributes:
        checkpoint: number of the model version.
        model_id: number of the model that the version belongs to; an AIR needs both.
        workflows: of the ecosystem when it is new, else those that the version serves.
        engine_options: what is said to the engine: by a new ecosystem that takes checkpoints of others, else
            by the version.
        default: whether requests start with this version from now on.
        ecosystem_name: display name of a new ecosystem; by default the base model's.
        like: an ecosystem whose form and options a new one begins with.
        distinct: whether names that are almost others' are meant.
        test: whether a new ecosystem gets a test of its own, besides the one that a workspace has for all.
    """

    argument = "name"

    name: Line
    ecosystem: FileKey
    license: Line
    checkpoint: Number
    model_id: Number | None = None
    media: Media | None = None
    engine: Line | None = None
    workflows: list[Line] = []
    label: Line | None = None
    family: Line | None = None
    air: Segment | None = None
    parent: Line | None = None
    description: Line | None = None
    id: Number | None = None
    ecosystem_id: Number | None = None
    coverage: Coverage | None = None
    engine_options: dict[OptionName, Scalar | list[Scalar]] = {}
    default: bool = False
    ecosystem_name: Line | None = None
    like: Line | None = None
    distinct: bool = False
    test: bool = False


class EcosystemAnswers(Answers):
    """A new ecosystem, with its first base model and model version.

    Attributes:
        name: display name; by default its key.
        base_model: display name of its first base model; by default that of the ecosystem.
        id: of the ecosystem.
        shares_loras_with: an ecosystem whose LoRAs work on every model of this one, and the other way round.
        like: an ecosystem whose form and options a new one begins with.
        distinct: whether names that are almost others' are meant.
        test: whether it gets a test of its own, besides the one that a workspace has for all.
    """

    argument = "key"

    key: FileKey
    license: Line
    checkpoint: Number
    name: Line | None = None
    base_model: Line | None = None
    model_id: Number | None = None
    media: Media | None = None
    engine: Line | None = None
    workflows: list[Line] = []
    label: Line | None = None
    family: Line | None = None
    air: Segment | None = None
    parent: Line | None = None
    description: Line | None = None
    id: Number | None = None
    base_model_id: Number | None = None
    coverage: Coverage | None = None
    engine_options: dict[OptionName, Scalar | list[Scalar]] = {}
    shares_loras_with: Line | None = None
    like: Line | None = None
    distinct: bool = False
    test: bool = False


class LicenseAnswers(Answers):
    """A licence, and what follows from it."""

    argument = "name"

    name: Line
    url: Address | None = None
    id: Number | None = None
    disable_mature: bool = False
    non_commercial: bool = False
    notice: bool = False
    powered_by: bool = False
    distinct: bool = False


class RuleAnswers(Answers):
    """A lint rule of civgen's own: a record says a field.

    Attributes:
        name: the code in words, with hyphens.
        on: what it looks at.
        field: the key that must be said.
        why: what goes wrong without.
        summary: what holds, in one line; by default that the field is said.
        example: a value of the field that is right.
        code: by default the next free one of its group.
        group: first digit of the code: 1 names, 2 forms, 3 payloads, 4 what generates, 5 the code.
    """

    argument = "name"

    name: RuleName
    on: Literal["ecosystem", "base-model", "version"]
    field: Line
    why: Line
    summary: Annotated[Line, StringConstraints(pattern=_SENTENCE)] | None = None
    example: Scalar | list[Scalar] = "Example"
    severity: Literal["error", "warning", "notice"] = "warning"
    code: Annotated[str, StringConstraints(pattern=_CODE)] | None = None
    group: Annotated[int, Field(ge=1, le=9)] = 4


class VersionAnswers(Answers):
    """One more model version of an ecosystem that there is.

    Attributes:
        ecosystem: its key, name or alias, or one of its base models.
        id: number of the model version.
        base_model: by default the ecosystem's first.
        workflows: those that it serves; by default all.
        engine_options: what it says to the engine.
        default: whether requests start with it from now on.
    """

    argument = "ecosystem"

    ecosystem: Line
    id: Number
    label: Line
    model_id: Number | None = None
    base_model: Line | None = None
    workflows: list[Line] = []
    coverage: Coverage | None = None
    engine_options: dict[OptionName, Scalar | list[Scalar]] = {}
    default: bool = False


class EngineAnswers(Answers):
    """An engine that the orchestrator has, and which of its step inputs.

    Attributes:
        key: how ecosystems will name it.
        media: what it makes; by default what the contract's engine of that name does.
        wire: what the contract calls it; its key unless said otherwise.
        choices: the contract's further discriminators, such as `operation`.
        workflows: the workflow keys it serves; by default those that its media suggest.
    """

    argument = "key"

    key: EngineKey
    media: Media | None = None
    step: Line | None = None
    wire: Line | None = None
    choices: dict[str, str] = {}
    workflows: list[Line] = []
    engine_options: dict[OptionName, Scalar | list[Scalar]] = {}

    @property
    def makes(self) -> str:
        """What it makes, once that is known."""
        assert self.media is not None
        return self.media


class UsedEngineAnswers(EngineAnswers):
    """An engine, and if `ecosystem` is said, what is to use it: the answers of a base model.

    Attributes:
        name: display name of the base model; by default the ecosystem's key.
    """

    ecosystem: FileKey | None = None
    name: Line | None = None
    license: Line | None = None
    checkpoint: Number | None = None
    model_id: Number | None = None
    label: Line | None = None
    family: Line | None = None
    air: Segment | None = None
    parent: Line | None = None
    description: Line | None = None
    id: Number | None = None
    ecosystem_id: Number | None = None
    coverage: Coverage | None = None


A = TypeVar("A", bound=Answers)

#: How the command line calls an answer, where that is not `--` and its name.
_FLAGS = {
    "name": "NAME",
    "key": "KEY",
    "workflows": "--workflow",
    "engine_options": "--engine-option",
    "choices": "--set",
}


#: What the patterns above ask for, in words.
_PATTERNS = {
    _LINE: "must be one line, without control characters",
    _ADDRESS: "must be an address that begins with http:// or https://, without blanks",
    _FILE_KEY: "must begin with a letter or digit, and have nothing but those and _ . - in it",
    _ENGINE_KEY: "must be small letters and digits, with single . _ - between them",
    _SEGMENT: "must be small letters, digits, _ and -",
    _RULE_NAME: "must be words in small letters with hyphens between them, two at least",
    _OPTION_NAME: "must be letters, digits, _ and -",
    _SENTENCE: "must end with a full stop",
    _CODE: "must be CIV and three digits, such as CIV415",
}


def flag(name: str) -> str:
    """How the command line calls an answer.

    >>> flag("model_id")
    '--model-id'
    """
    return _FLAGS.get(name, "--" + name.replace("_", "-"))


def answers_of(kind: type[A], given: dict[str, Any]) -> A:
    """Check answers by themselves; those that are None count as not given.

    Raises:
        InvalidInput: with every problem.
    """
    try:
        return kind.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = [_problem(entry, kind) for entry in error.errors()]
    first = problems[0]
    raise InvalidInput(f"{first.field} {first.message}.", hint=first.hint, details=problems)


def _problem(entry: Any, kind: type[Answers]) -> Problem:
    answer, context = str(entry["loc"][0]), entry.get("ctx", {})
    name = answer.upper() if answer == kind.argument else flag(answer)
    if entry["type"] == "extra_forbidden":
        known = list(kind.model_fields)
        hint = did_you_mean(answer, known, f"Known: {', '.join(known)}.")
        return Problem(answer, "is no answer that is asked for", hint=hint)
    if entry["type"] == "missing":
        return Problem(name, "is required", hint=f"Pass {name}.")
    given = entry["input"] if isinstance(entry["input"], str | int | float | bool) else None
    if entry["type"] == "string_pattern_mismatch":
        return Problem(name, _PATTERNS[context["pattern"]], given)
    message = entry["msg"].removeprefix("Input ").removeprefix("String ").replace("should ", "must ")
    return Problem(name, message, given, allowed=context.get("expected"))
