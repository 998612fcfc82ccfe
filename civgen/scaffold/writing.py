"""Changes made to files: all of them or none, even when the process is killed in between.

What is to be written is first written down whole, in a journal. Then each file is written beside its
place and moved there, and at last the record of it all: that makes it count. Whoever finds a journal
that nobody is at any more puts every file back as it was, unless the record is there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from civgen.errors import InvalidInput, Problem, Refused, Where, display_path
from civgen.files import RIGHTS, closed_folder, usable
from civgen.scaffold.changes import FileChange, confined, read_text
from civgen.scaffold.records import FOLDER, JOURNAL, Record


def write(root: Path, changes: Sequence[FileChange], record: Record | None = None) -> None:
    """Make every change, or leave everything as it was.

    Args:
        record: is kept with them; one that was `undone` goes, with the folders made for it.

    Raises:
        Refused: a file lies outside `root`, or has changed since the change was made; or another
            process is writing.
        InvalidInput: a folder may not be written to, or the disk is full.
    """
    for one in changes:
        confined(root, one.path)
    if not changes and record is None:
        return
    _refuse_closed(root, changes)
    folders = _missing(root, changes)
    with _journal(root) as file:
        _settle(root, file.read())
        try:
            _refuse_moved(root, changes)
            if record and not record.undone:
                record = replace(record, folders=record.folders or _inside(root, folders))
            _write_down(file, changes, folders, record)
            _make(root, changes, record)
        except BaseException:
            _put_back(root, changes, record)  # where that fails, the journal stays for whoever comes next
            _end(root, folders, record)
            raise
        _end(root, folders, record)


def recover(root: Path) -> list[str]:
    """Put back what a killed process left half done, if there is anything.

    Returns:
        The files that are as they were again.

    Raises:
        Refused: another process is writing right now.
    """
    if not (root / JOURNAL).is_file():
        _tidy(root, ())
        return []
    with _journal(root) as file:
        back = _settle(root, file.read())
        (root / JOURNAL).unlink()
        _tidy(root, ())
    return back


@contextmanager
def _journal(root: Path) -> Iterator[IO[str]]:
    """The journal, which no other process has meanwhile.

    Raises:
        Refused: another process has it.
    """
    path = root / JOURNAL
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8", newline="") as file:
        _lock(file, path)
        # The one that had it before may have removed it: then this is nothing that anybody else would find.
        if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            raise _in_use(path)
        file.seek(0)
        yield file


def _lock(file: IO[str], path: Path) -> None:
    if os.name != "posix":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _in_use(path) from None


def _in_use(path: Path) -> Refused:
    message = f"Another process is adding something here: {display_path(path)} is in use."
    return Refused(f"{message} Nothing was written.", hint="Run it again when that is done.")


def _write_down(
    file: IO[str], changes: Iterable[FileChange], folders: Iterable[Path], record: Record | None
) -> None:
    document = {
        "changes": [{"path": one.path, "before": one.before, "after": one.after} for one in changes],
        "folders": [str(folder) for folder in folders],
        "record": {"path": record.path, "text": record.text()} if record else None,
    }
    with usable(Path(file.name)):
        file.truncate(0)
        file.write(json.dumps(document, ensure_ascii=False))
        file.flush()
        os.fsync(file.fileno())


def _make(root: Path, changes: Sequence[FileChange], record: Record | None) -> None:
    """Write every file and the record beside its place, then move them all there, the record last.

    What takes room is done before anything is moved: a disk that fills up then finds all as it was.
    """
    targets = [(confined(root, one.path), one) for one in changes]
    staged = [(_beside(target, one.after), target) for target, one in targets if one.after is not None]
    noted = _beside(root / record.path, record.text()) if record else None
    for temporary, target in staged:
        temporary.replace(target)
    for target, one in targets:
        if one.after is None:
            target.unlink(missing_ok=True)
    for folder in {target.parent for target, _ in targets}:
        _sync(folder)
    if record and noted:
        noted.replace(root / record.path)
        if record.undone:
            (root / record.path).unlink()


def _settle(root: Path, text: str) -> list[str]:
    """Bring to an end what a journal tells of: back to the beginning, unless its record is there."""
    try:
        said: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError:
        return []  # cut off itself, and so before anything else was written
    record = said["record"]
    if record and read_text(confined(root, record["path"])) == record["text"]:
        if json.loads(record["text"])["undone"]:
            confined(root, record["path"]).unlink()
        return []
    changes = [FileChange(**one) for one in said["changes"]]
    back = _put_back(root, changes)
    if record:
        _temporary(confined(root, record["path"])).unlink(missing_ok=True)
    _tidy(root, [Path(folder) for folder in said["folders"] if Path(folder).is_relative_to(root)])
    return back


def _put_back(root: Path, changes: Sequence[FileChange], record: Record | None = None) -> list[str]:
    """Undo what was made of changes; a file that says something else by now is left alone."""
    back = []
    if record:
        _temporary(root / record.path).unlink(missing_ok=True)
    for one in changes:
        target = confined(root, one.path)
        with suppress(NotADirectoryError):
            _temporary(target).unlink(missing_ok=True)
        if one.before == one.after or read_text(target) != one.after:
            continue
        back.append(one.path)
        if one.before is None:
            target.unlink(missing_ok=True)
        else:
            _beside(target, one.before).replace(target)
    return back


def _end(root: Path, folders: Iterable[Path], record: Record | None) -> None:
    """Nothing is half done any more."""
    (root / JOURNAL).unlink()
    _tidy(root, [*folders, *(root / folder for folder in (record.folders if record else ()))])


def _refuse_closed(root: Path, changes: Iterable[FileChange]) -> None:
    """Refuse files in folders that may not be written to; without any, it may still be the journal's own.

    Raises:
        InvalidInput: there are some.
    """
    base = root.resolve()
    problems = _closed(base, (one.path for one in changes)) or _closed(base, [JOURNAL])
    if problems:
        first = problems[0]
        message = f"{first.field} {first.message}; nothing was written."
        raise InvalidInput(message, hint=RIGHTS, where=first.where, details=problems)


def _closed(root: Path, paths: Iterable[str]) -> list[Problem]:
    """A problem for each folder that may not be written to, told of the first file there."""
    closed: dict[Path, str] = {}
    for path in paths:
        if folder := closed_folder(root / path):
            closed.setdefault(folder, path)
    return [
        Problem(
            path,
            f"cannot be written: {folder} may not be written to",
            where=Where(display_path(root / path)),
        )
        for folder, path in closed.items()
    ]


def _refuse_moved(root: Path, changes: Iterable[FileChange]) -> None:
    moved = [one.path for one in changes if read_text(confined(root, one.path)) != one.before]
    if moved:
        message = f"{', '.join(moved)} changed in the meantime; nothing was written."
        raise Refused(message, hint="Run it again.")


def _beside(target: Path, text: str) -> Path:
    """Write `text` next to where it belongs, with the rights of what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(target)
    with usable(target), temporary.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    if target.exists():
        shutil.copymode(target, temporary)
    return temporary


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.civgen")


def _missing(root: Path, changes: Iterable[FileChange]) -> list[Path]:
    """The folders that will have to be made, the innermost first."""
    wanted = [confined(root, one.path).parent for one in changes] + [(root / FOLDER).resolve()]
    missing = {folder for place in wanted for folder in (place, *place.parents) if not folder.exists()}
    return sorted(missing, key=lambda folder: (len(folder.parts), folder), reverse=True)


def _inside(root: Path, folders: Iterable[Path]) -> tuple[str, ...]:
    base = root.resolve()
    return tuple(
        folder.relative_to(base).as_posix()
        for folder in folders
        if folder.is_relative_to(base) and folder != base
    )


def _tidy(root: Path, folders: Iterable[Path]) -> None:
    """Remove those folders that are empty, and the records' own."""
    own = (root / FOLDER, (root / FOLDER).parent)
    for folder in sorted({*folders, *own}, key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()


def _sync(folder: Path) -> None:
    """Make the renames in a folder last; where folders cannot be opened, the system does so itself."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
