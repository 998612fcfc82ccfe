"""The lines of a batch as they are given: numbered as in an editor, told apart by their ids."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from civgen.errors import CivgenError, InvalidInput, NotFound, Problem, Where, did_you_mean, display_path
from civgen.jsontext import parse

Document = dict[str, Any]
E = TypeVar("E", bound=CivgenError)

#: What a line may have.
KEYS = ("id", "request", "resources")
STDIN = "-"


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each line without the blanks around it, and its number from 1; empty ones are counted and left out."""
    return ((number, text) for number, line in enumerate(lines, 1) if (text := line.strip()))


def read_line(text: str, keys: Sequence[str] = KEYS) -> Document:
    """A line as a JSON object with a request.

    Raises:
        InvalidInput: it is none, or with everything that is wrong around the request.
    """
    line = read_object(text)
    check_line(line, keys)
    return line


def read_object(text: str) -> Document:
    """A line as a JSON object.

    Raises:
        InvalidInput: it is none.
    """
    try:
        line = parse(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"The line is not JSON: {error.msg}, at character {error.pos + 1}.") from None
    if not isinstance(line, dict):
        raise InvalidInput("A line is a JSON object.", hint='For instance {"id": 1, "request": {…}}.')
    return line


def check_line(line: Document, keys: Sequence[str] = KEYS) -> None:
    """Make sure that a line has a request, and nothing that nobody reads.

    Raises:
        InvalidInput: with every problem.
    """
    problems = unknown_keys(line, keys)
    if not isinstance(line.get("request"), dict):
        message = "must be a JSON object" if "request" in line else "is required"
        hint = 'A line is {"id", "request"}, and may have "resources".'
        problems.append(Problem("request", message, given=line.get("request"), hint=hint))
    records = line.get("resources")
    if records is not None and not _are_records(records):
        problems.append(Problem("resources", "must be a list of objects, each with an id", given=records))
    refuse(problems)


def unknown_keys(line: Document, keys: Sequence[str]) -> list[Problem]:
    """What of a line nobody reads."""
    if line.keys() <= set(keys):
        return []
    return [
        Problem(
            key, "is not known in a line", given=line[key], allowed=list(keys), hint=did_you_mean(key, keys)
        )
        for key in line
        if key not in keys
    ]


def refuse(problems: Sequence[Problem]) -> None:
    """Raise one error for all problems of a line, if there are any."""
    if not problems:
        return
    one, fields = problems[0], ", ".join(problem.field for problem in problems)
    message = f"{one.field} {one.message}." if len(problems) == 1 else f"{len(problems)} problems: {fields}."
    raise InvalidInput(message, hint=one.hint if len(problems) == 1 else None, details=problems)


def identity_of(text: str) -> Any:
    """The id of a line, as far as it can be made out; None without one."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line.get("id") if isinstance(line, dict) else None


def place_of(source: str, number: int) -> Where:
    """Where a line stands.

    Args:
        source: path of the file that it comes from, or `-`.
    """
    return Where("stdin" if source == STDIN else display_path(Path(source)), number)


def placed(error: E, place: Where) -> E:
    """An error; with the place of its line, where the line is to blame and no other place is known."""
    if isinstance(error, InvalidInput | NotFound):
        known = error.where or Where()
        if known.file is None and known.line is None:
            error.where = replace(place, column=known.column, field=known.field)
    return error


class Ids:
    """The ids of the lines so far, kept as hashes: about 110 bytes a line, however long they are."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}

    def refusal(self, identity: Any, number: int) -> InvalidInput | None:
        """Why a line is refused whose id an earlier one has; None where it may go on, or has no id."""
        if identity is None:
            return None
        told = json.dumps(identity, sort_keys=True)
        first = self._first.setdefault(hash(told), number)
        if first == number:
            return None
        hint = "Give each line an id of its own: by it the answers are told apart."
        problem = Problem("id", f"is that of line {first}, too", given=identity, hint=hint)
        return InvalidInput(f"The id {told} is that of line {first}, too.", hint=hint, details=[problem])


def watched(
    lines: Iterable[tuple[int, str]], source: str, repeated: list[tuple[int, Document]]
) -> Iterator[tuple[int, str]]:
    """Lines as they come; those with the id of an earlier one are noted, each with its answer.

    Args:
        repeated: where they are noted.
    """
    ids = Ids()
    for number, text in lines:
        if error := ids.refusal(identity := identity_of(text), number):
            repeated.append((number, failure(identity, placed(error, place_of(source, number)))))
        yield number, text


def failure(identity: Any, error: CivgenError) -> Document:
    """The answer of a line that failed."""
    return {"id": identity, "ok": False, "error": error.as_json()["error"]}


def _are_records(records: Any) -> bool:
    return isinstance(records, list) and all(isinstance(one, dict) and "id" in one for one in records)
