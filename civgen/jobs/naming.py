"""What downloaded files are called: so that they sort, tell what they are, and fit any file system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from string import Formatter
from typing import Any

from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.answers import Blob, Workflow

#: The name of a file without its ending; a folder may stand before it.
DEFAULT = "{date}-{ecosystem}-{words}-{id}-{n}"
#: What a template may hold, and what it stands for.
PARTS = {
    "id": "the job",
    "n": "number of the result, from 1",
    "date": "day it was made, as 20260301",
    "ecosystem": "its ecosystem, or the tool",
    "workflow": "its workflow key",
    "words": "the first words of the prompt",
    "seed": "seed of this result",
    "level": "how mature it is",
}
#: File endings by what a blob is of; the image's own format decides where it is known.
_ENDINGS = {"video": "mp4", "audio": "mp3", "model3d": "glb"}
_LONGEST_WORDS = 40
_ENDING = re.compile(r"[a-z0-9]{1,8}")


def name_of(template: str, workflow: Workflow, blob: Blob, number: int) -> str:
    """The name of a file.

    Args:
        template: checked by `check_template`.
        number: of the result, from 1.
    """
    filled = template.format(**_parts(workflow, blob, number))
    # What is not known leaves no gap behind.
    stem = "/".join(re.sub(r"-{2,}", "-", part).strip("-. ") or "file" for part in filled.split("/"))
    return f"{stem}.{ending_of(blob)}"


def check_template(template: str) -> None:
    """Refuse a template that cannot name several files, or would name one outside of the folder.

    Raises:
        InvalidInput: with what it may hold.
    """
    try:
        named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise _wrong(template, f"cannot be read: {error}") from None
    if unknown := sorted(named - PARTS.keys()):
        raise _wrong(template, f"names {', '.join(unknown)}, which is not known")
    if not {"id", "n"} <= named:
        raise _wrong(template, "must hold {id} and {n}, or files would have the same name")
    if Path(template).is_absolute() or ".." in Path(template).parts or "\\" in template:
        raise _wrong(template, "must stay within the folder")


def _wrong(template: str, message: str) -> InvalidInput:
    hint = "; ".join(f"{{{name}}} {meaning}" for name, meaning in PARTS.items())
    problem = Problem("name", message, given=template, allowed=list(PARTS), hint=hint)
    return InvalidInput(f"The template {template!r} {message}.", hint=hint, details=[problem])


def ending_of(blob: Blob) -> str:
    """The file's ending, without the dot."""
    own = Path(blob.id).suffix.lstrip(".").lower()
    return own if _ENDING.fullmatch(own) else _ENDINGS.get(blob.type, "png")


def _parts(workflow: Workflow, blob: Blob, number: int) -> dict[str, str]:
    params = workflow.metadata.get("params")
    said: dict[str, Any] = params if isinstance(params, dict) else {}
    seed = said.get("seed")
    made = workflow.completed_at or workflow.created_at
    known = {
        "id": workflow.id,
        "n": number,
        "date": made and f"{made:%Y%m%d}",
        "ecosystem": said.get("ecosystem") or said.get("workflow"),
        "workflow": said.get("workflow"),
        "words": said.get("prompt") or _prompt(workflow),
        "seed": seed + number - 1 if isinstance(seed, int) else None,
        "level": blob.nsfw_level,
    }
    return {name: _plain(value, name) for name, value in known.items()}


def _prompt(workflow: Workflow) -> Any:
    inputs = (step.input for step in workflow.steps if isinstance(step.input, dict))
    return next((given["prompt"] for given in inputs if given.get("prompt")), None)


def _plain(value: Any, name: str) -> str:
    """Letters, digits, dots and dashes: what every file system takes, and no shell minds."""
    text = unicodedata.normalize("NFKD", "" if value is None else str(value))
    text = text.encode("ascii", "ignore").decode()
    text = re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.")
    if name != "words" or len(text) <= _LONGEST_WORDS:
        return text
    return text[: _LONGEST_WORDS + 1].rpartition("-")[0] or text[:_LONGEST_WORDS]
