"""Many requests in one process: JSON Lines in, JSON Lines out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from civgen.cli.output import emit_line
from civgen.cli.state import state
from civgen.errors import CivgenError, InvalidFile, InvalidInput, PartlyDone, Where, display_path

Line = dict[str, Any]


def run_batch(source: str, work: Callable[[Line], dict[str, Any]]) -> None:
    """Answer each line as it comes.

    Args:
        source: a file, or `-` for stdin.
        work: from a line to its result.

    Raises:
        PartlyDone: some lines failed; each says why in its own answer.
    """
    total = failed = 0
    for line in lines_of(source):
        answer = _answer(line, work)
        total, failed = total + 1, failed + (not answer["ok"])
        emit_line(answer)
    # The answers are the data; a closing document would be one line too many.
    state().json = False
    if failed:
        raise PartlyDone(f"{failed} of {total} lines failed.", hint="Each says why in its own answer.")


def request_of(line: Line) -> dict[str, Any]:
    """The request of a line.

    Raises:
        InvalidInput: there is none.
    """
    request = line.get("request")
    if not isinstance(request, dict):
        raise InvalidInput('A line needs a "request", a JSON object.')
    return request


def _answer(text: str, work: Callable[[Line], dict[str, Any]]) -> dict[str, Any]:
    identity: Any = None
    try:
        line = json.loads(text)
        if not isinstance(line, dict):
            raise InvalidInput("A line is a JSON object.")
        identity = line.get("id")
        return {"id": identity, "ok": True, **work(line)}
    except json.JSONDecodeError as error:
        return {"id": None, "ok": False, **InvalidInput(f"The line is not JSON: {error}.").as_json()}
    except CivgenError as error:
        return {"id": identity, "ok": False, **error.as_json()}


def lines_of(source: str) -> Iterator[str]:
    """The lines of a file, or of stdin for `-`, as they are consumed; blank ones are left out.

    Raises:
        InvalidFile: it cannot be read.
    """
    try:
        with nullcontext(sys.stdin) if source == "-" else Path(source).open(encoding="utf-8") as stream:
            yield from (line for line in stream if line.strip())
    except UnicodeDecodeError as error:
        label = "stdin" if source == "-" else display_path(Path(source))
        raise InvalidFile(f"{label} is not UTF-8: {error.reason}.", where=Where(label)) from None
    except OSError as error:
        label = display_path(Path(source))
        raise InvalidFile(f"{label} cannot be read: {error.strerror}.", where=Where(label)) from None
