"""Whether the models that run are those that were asked for.

The platform swaps a model that does not suit the ecosystem for another, says so in `modelSubstitutions` of
its answer or metadata, and charges for it all the same. civgen looks there, and compares every AIR of the
steps that were sent with the same place in the steps that came back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from civgen.air import parse_air
from civgen.errors import AnswerIsNo, InvalidInput, Problem

if TYPE_CHECKING:
    from civgen.orchestrator.answers import Workflow

_SAID = "modelSubstitutions"
_AIR = "urn:air:"


def substitutions(body: Mapping[str, Any], workflow: Workflow) -> list[Problem]:
    """Every model that is another than the one asked for."""
    said = workflow.raw.get(_SAID) or workflow.metadata.get(_SAID) or []
    problems = [Problem(_SAID, "says that another model runs", given=one) for one in _entries(said)]
    for number, (sent, step) in enumerate(zip(body["steps"], workflow.steps, strict=False)):
        problems += _differences(f"steps[{number}].input", sent.get("input"), step.input)
    return problems


def refuse_substitution(
    body: Mapping[str, Any], workflow: Workflow, consequence: str, data: Any = None
) -> None:
    """Make sure that an answer is about the models that were asked for.

    Args:
        consequence: what that means, to end the message with.

    Raises:
        AnswerIsNo: it is not.
    """
    if problems := substitutions(body, workflow):
        first = problems[0]
        names = f"{first.given} in place of {first.allowed}" if first.allowed else str(first.given)
        message = f"The orchestrator swapped a model: {names}. {consequence}"
        raise AnswerIsNo(message, hint="Name a model of this ecosystem.", details=problems, data=data)


def _entries(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _differences(path: str, sent: Any, given: Any) -> Iterator[Problem]:
    """Where an AIR came back as another; what did not come back at all is passed over."""
    if sent == given:
        return
    if isinstance(sent, Mapping) and isinstance(given, Mapping):
        # Networks are keyed by their AIR: what is another one there is missing here.
        for key, part in sent.items():
            if key in given:
                yield from _differences(f"{path}.{key}", part, given[key])
            elif given and _is_air(key) and not any(_is_same(key, other) for other in given):
                others = [other for other in given if other not in sent]
                yield Problem(path, "runs another resource", given=others, allowed=key)
    elif isinstance(sent, list) and isinstance(given, list):
        for number, (one, other) in enumerate(zip(sent, given, strict=False)):
            yield from _differences(f"{path}[{number}]", one, other)
    elif _is_air(sent) and isinstance(given, str) and not _is_same(sent, given):
        yield Problem(path, "runs another model", given=given, allowed=sent)


def _is_air(value: Any) -> bool:
    return isinstance(value, str) and value.lower().startswith(_AIR)


def _is_same(sent: str, given: str) -> bool:
    """Whether two AIRs name the same version; ecosystem, type and file may be spelt otherwise."""
    if sent == given:
        return True
    try:
        one, other = parse_air(sent.lower()), parse_air(given.lower())
    except InvalidInput:
        return False
    return (one.source, one.id, one.version) == (other.source, other.id, other.version)
