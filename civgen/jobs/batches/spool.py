"""The lines of a batch, kept as they were given: what is resumed is what was begun."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from civgen.errors import InvalidInput, NotFound, Refused, display_path
from civgen.jobs.batches.lines import numbered


@dataclass(frozen=True, slots=True)
class Spooled:
    """A spool as it was written: how many lines, and a digest of them."""

    total: int
    fingerprint: str


def spool(lines: Iterable[tuple[int, str]], path: Path) -> Spooled:
    """Write lines into a new file, each at its number, on disk when this returns.

    Raises:
        InvalidInput: there are none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        spooled = _written(lines, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not spooled.total:
        path.unlink()
        raise InvalidInput("The batch has no lines.", hint='Write one {"id", "request"} a line.')
    return spooled


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a spool, as they are consumed.

    Raises:
        NotFound: somebody deleted it.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from file
    except FileNotFoundError:
        raise NotFound(
            f"The lines of the batch are gone: there is no {display_path(path)}.",
            hint="Submit the file anew; `civgen batch status` shows what was submitted.",
        ) from None


def check_unchanged(path: Path, fingerprint: str) -> None:
    """Make sure that a spool is as it was written.

    Raises:
        Refused: it is not.
    """
    digest = hashlib.sha256()
    for line in lines_of(path):
        digest.update(line.encode())
    if digest.hexdigest() != fingerprint:
        raise Refused(
            f"{display_path(path)} is not as civgen wrote it, so its lines cannot be told apart.",
            hint="Put it back as it was; what was submitted so far stands in the journal.",
        )


def check_source(source: Path, path: Path) -> None:
    """Make sure that the file a batch came from, if it is still there, says what it said then.

    Raises:
        Refused: it does not, with the first line that differs.
    """
    if not source.is_file():
        return
    with source.open(encoding="utf-8") as now:
        # Earlier civgens left blank lines out, so that numbers are not compared.
        pairs = zip_longest(numbered(lines_of(path)), numbered(now), fillvalue=(None, ""))
        changed = next((there or here for (here, was), (there, given) in pairs if was != given), None)
    if changed is not None:
        raise Refused(
            f"{display_path(source)} has changed since the batch was begun, from line {changed} on.",
            hint="Pass --as-begun to go on with the lines as they were, or submit the file as a new batch.",
        )


def _written(lines: Iterable[tuple[int, str]], path: Path) -> Spooled:
    total = last = 0
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for number, text in lines:
            line = b"\n" * (number - last - 1) + text.encode() + b"\n"
            total, last = total + 1, number
            digest.update(line)
            file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return Spooled(total, digest.hexdigest())
