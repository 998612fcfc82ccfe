"""What must be known before something is added: the answers, checked one by one.

What they must agree on with everything that exists already is for `civgen.scaffold.judge`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from civgen.catalog.words import Number, Scalar
from civgen.errors import InvalidInput, Problem

#: One line of text: it goes into files, where a control character could begin another.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]
#: A key that is also the name of a file, on every system.
FileKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
EngineKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._\-][a-z0-9]+)*$")]
Segment = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_\-]+$")]
OptionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]+$")]
Media = Literal["image", "video"]
Coverage = Literal["ecosystem-checkpoint", "external", "covered-checkpoint"]


class Answers(BaseModel):
    """Root of all answers: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BaseModelAnswers(Answers):
    """A base model, the ecosystem it belongs to, and its first model version.

    None means: not said. What the ecosystem says already need not be said again, and must agree if it is.

    Attributes:
        checkpoint: number of the model version.
        model_id: number of the model that the version belongs to; an AIR needs both.
        workflows: of the ecosystem when it is new, else those that the version serves.
        engine_options: what the version says to the engine.
    """

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


class EngineAnswers(Answers):
    """An engine that the orchestrator has, and which of its step inputs.

    Attributes:
        key: how ecosystems will name it.
        media: what it makes; by default what the contract's engine of that name does.
        wire: what the contract calls it; its key unless said otherwise.
        choices: the contract's further discriminators, such as `operation`.
        workflows: the workflow keys it serves; by default those that its media suggest.
    """

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


A = TypeVar("A", bound=Answers)

#: How the command line calls an answer, where that is not `--` and its name.
_FLAGS = {
    "name": "NAME",
    "key": "KEY",
    "workflows": "--workflow",
    "engine_options": "--engine-option",
    "choices": "--set",
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
        problems = [_problem(entry) for entry in error.errors()]
    first = problems[0]
    raise InvalidInput(f"{first.field} {first.message}.", hint=first.hint, details=problems)


def _problem(entry: Any) -> Problem:
    name, context = flag(entry["loc"][0]), entry.get("ctx", {})
    if entry["type"] == "missing":
        return Problem(name, "is required", hint=f"Pass {name}.")
    given = entry["input"] if isinstance(entry["input"], str | int | float | bool) else None
    if entry["type"] == "string_pattern_mismatch":
        return Problem(name, "has characters that cannot stand there", given, allowed=context["pattern"])
    message = entry["msg"].removeprefix("Input ").removeprefix("String ").replace("should ", "must ")
    return Problem(name, message, given, allowed=context.get("expected"))
