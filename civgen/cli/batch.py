"""Many requests in one process: JSON Lines in, JSON Lines out, in the same order."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from civgen.cli.output import emit_line
from civgen.cli.state import state
from civgen.errors import CivgenError, InvalidFile, PartlyDone, Where, display_path
from civgen.jobs.batches.lines import (
    KEYS,
    check_line,
    identity_of,
    numbered,
    place_of,
    placed,
    read_object,
)

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
    for number, text in numbered(lines_of(source)):
        answer = _answer(text, source, number, work)
        total, failed = total + 1, failed + (not answer["ok"])
        emit_line(answer)
    # The answers are the data; a closing document would be one line too many.
    state().json = False
    if failed:
        raise PartlyDone(f"{failed} of {total} lines failed.", hint="Each says why in its own answer.")


def request_of(line: Line) -> dict[str, Any]:
    """The request of a line.

    Raises:
        InvalidInput: there is none, or something that nobody reads stands beside it.
    """
    check_line(line, KEYS)
    request: dict[str, Any] = line["request"]
    return request


def _answer(text: str, source: str, number: int, work: Callable[[Line], dict[str, Any]]) -> dict[str, Any]:
    try:
        line = read_object(text)
        return {"id": line.get("id"), "ok": True, **work(line)}
    except CivgenError as error:
        error = placed(error, place_of(source, number))
        return {"id": identity_of(text), "ok": False, **error.as_json()}


def lines_of(source: str) -> Iterator[str]:
    """The lines of a file, or of stdin for `-`, as they are consumed.

    Raises:
        InvalidFile: it cannot be read.
    """
    try:
        with nullcontext(sys.stdin) if source == "-" else Path(source).open(encoding="utf-8") as stream:
            yield from stream
    except UnicodeDecodeError as error:
        label = "stdin" if source == "-" else display_path(Path(source))
        raise InvalidFile(f"{label} is not UTF-8: {error.reason}.", where=Where(label)) from None
    except OSError as error:
        label = display_path(Path(source))
        raise InvalidFile(f"{label} cannot be read: {error.strerror}.", where=Where(label)) from None
