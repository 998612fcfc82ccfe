"""How mature a result is, whether it may be shown, and what would show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.orchestrator.answers import Blob, Workflow

#: From what anybody may see to what few want to.
LEVELS = ("pg", "pg13", "r", "x", "xxx")
#: From here on it is mature, and not paid for with blue or green Buzz.
_MATURE_FROM = LEVELS.index("r")
_UNLOCK = "`civgen jobs unlock {id}` allows it, and pays the difference in yellow Buzz"

#: Why a result is kept back, and what would resolve it; of reasons by other names nothing is known.
_REASONS: dict[str, tuple[str, str | None]] = {
    "maturecontent": ("it is mature, and the job was paid for without that", _UNLOCK),
    "canupgrade": ("it is mature, and the job was submitted without that", _UNLOCK),
    "privategen": ("it is above pg13, which private resources may not be used for", None),
    "siterestricted": (
        "this host shows no mature content",
        "ask the orchestrator of an environment with yellow Buzz",
    ),
    "membershiprequired": ("it needs a membership", "become a member; the file is kept for 30 days"),
    "abovelevel": ("it is above --max-level", "raise --max-level"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a result.

    Attributes:
        level: of `LEVELS`; None when it was not rated, which does not count as mature.
        reason: why it is not shown, as a word; None when it is.
        why: the same in words.
        resolve: what would show it; None when nothing does.
    """

    level: str | None
    reason: str | None = None
    why: str | None = None
    resolve: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The part of a result that it makes."""
        kept_back = {"reason": self.reason, "why": self.why, "resolve": self.resolve}
        return {"level": self.level, "shown": self.reason is None} | (kept_back if self.reason else {})


def level_of(text: str | None) -> str | None:
    """A level as it may be written; None when there is no rating.

    >>> [level_of(text) for text in ("pG13", "pg-13", "xxx", "na", None)]
    ['pg13', 'pg13', 'xxx', None, None]
    """
    plain = (text or "").lower().replace("-", "")
    return plain if plain in LEVELS else None


def read_level(text: str) -> str:
    """A level that somebody asked for.

    Raises:
        InvalidInput: there is no such level.
    """
    if level := level_of(text):
        return level
    hint = did_you_mean(text, LEVELS, f"Levels: {', '.join(LEVELS)}")
    problem = Problem("max_level", "is no level", given=text, allowed=list(LEVELS), hint=hint)
    raise InvalidInput(f"There is no level {text!r}.", hint=hint, details=[problem])


def judge(blob: Blob, workflow: Workflow, max_level: str | None = None) -> Verdict:
    """Whether a result may be shown; what the orchestrator says comes first, then what civgen is asked.

    Args:
        max_level: highest level that is wanted; None for any.
    """
    level = level_of(blob.nsfw_level)
    reason = _blocked(blob) or _kept_back(level, workflow, max_level) or _lost(blob, workflow)
    return _verdict(level, reason, workflow) if reason else Verdict(level)


def _blocked(blob: Blob) -> str | None:
    """The orchestrator's own word; `none` is one for that there is no block."""
    said = blob.blocked_reason
    return None if said is None or said.lower() == "none" else said


def _kept_back(level: str | None, workflow: Workflow, max_level: str | None) -> str | None:
    if level is None:
        return None
    is_mature = LEVELS.index(level) >= _MATURE_FROM
    if is_mature and workflow.metadata.get("isPrivateGeneration"):
        return "privateGen"
    if max_level is not None and LEVELS.index(level) > LEVELS.index(max_level):
        return "aboveLevel"
    return "canUpgrade" if is_mature and workflow.allow_mature_content is False else None


def _lost(blob: Blob, workflow: Workflow) -> str | None:
    if blob.available and blob.url:
        return None
    return "lost" if workflow.is_terminal else "pending"


def _verdict(level: str | None, reason: str, workflow: Workflow) -> Verdict:
    otherwise = {
        "lost": ("the file is not there any more, or could not be made", None),
        "pending": ("it is not made yet", f"`civgen jobs watch {workflow.id}` waits for it"),
    }
    why, resolve = _REASONS.get(reason.lower()) or otherwise.get(reason) or (f"blocked: {reason}", None)
    return Verdict(level, reason, why, resolve and resolve.format(id=workflow.id))
