"""What a file system refuses, in the terms of whoever can mend it.

A place that may not be written to, or that is full, is no bug of civgen's, and trying again alone does not
help: something there has to be changed first. It is therefore `InvalidInput`, whichever part of civgen
comes upon it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.errors import CivgenError, InvalidInput, Unavailable, Where, display_path

if TYPE_CHECKING:
    import sqlite3

#: What to do where something may not be written to.
RIGHTS = (
    "Have the right to write there given to you, or work in a copy; `civgen doctor` looks at the workspace."
)
_ROOM = "Make room on the disk, then run it again."
_BY_ERRNO = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), RIGHTS),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _ROOM),
}
#: By the name that SQLite has for it: what kind of error it is, and what is to be done.
_BY_SQLITE: dict[str, tuple[type[CivgenError], str]] = {
    "BUSY": (Unavailable, "Another process is writing to it; try again."),
    "CANTOPEN": (InvalidInput, RIGHTS),
    "READONLY": (InvalidInput, RIGHTS),
    "PERM": (InvalidInput, RIGHTS),
    "FULL": (InvalidInput, _ROOM),
    "IOERR": (InvalidInput, "Is there room on the disk, and does it work?"),
}
#: What SQLite writes beside a file.
_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """Work on a file; what its file system or SQLite refuses becomes an error that names it.

    Raises:
        InvalidInput: it may not be written to, or the disk is full.
        Unavailable: another process has it.
    """
    import sqlite3

    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if (refused := refusal(error, path)) is None:
            raise
        raise refused from error


def refusal(error: Exception, path: Path) -> CivgenError | None:
    """What a person is told of an error at a file; None for what is none of theirs.

    Args:
        path: the file, unless the error names another.
    """
    import sqlite3

    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, path)
    if isinstance(error, OSError) and (error.filename or error.errno in _BY_ERRNO):
        return of_system(error, path)
    return None


def of_system(error: OSError, path: Path | None = None) -> InvalidInput | None:
    """What a person is told of an error of the system's; None where it is about no file.

    Args:
        path: the file, for an error that does not name one, as when a disk is full.
    """
    found = os.fsdecode(error.filename) if error.filename else path
    name = display_path(Path(found)) if found else ""
    hint = _BY_ERRNO.get(error.errno or 0)
    if not name and hint is None:
        return None
    message = f"{name or 'A file'} cannot be used: {error.strerror or error}."
    return InvalidInput(message, hint=hint, where=Where(name) if name else None)


def sqlite_kind(error: object) -> str:
    """The name that SQLite has for an error, without its finer part: `READONLY`."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return str(name).removeprefix("SQLITE_").partition("_")[0]


def closed_folder(path: Path) -> Path | None:
    """The folder that may not be written to, and so keeps a file from being made, replaced or removed."""
    nearest = next((one for one in path.parents if os.access(one, os.F_OK)), path.parent)
    return nearest if nearest.is_dir() and not os.access(nearest, os.W_OK | os.X_OK) else None


def _of_sqlite(error: sqlite3.Error, path: Path) -> CivgenError | None:
    kind = sqlite_kind(error)
    if kind not in _BY_SQLITE:
        return None
    refused, hint = _BY_SQLITE[kind]
    name = display_path(path)
    why = (_obstacle(path) if hint is RIGHTS else None) or str(error)
    return refused(f"{name} cannot be used: {why}.", hint=hint, where=Where(name))


def _obstacle(path: Path) -> str | None:
    """Why SQLite cannot work on a file, which it says of none of these."""
    if path.is_dir():
        return "it is a folder"
    for one in (path, *(path.with_name(f"{path.name}{end}") for end in _BESIDE)):
        if os.access(one, os.F_OK) and not os.access(one, os.R_OK | os.W_OK):
            return f"{'it' if one == path else display_path(one)} may not be written to"
    closed = closed_folder(path)
    return f"{closed} may not be written to" if closed else None
