"""What a file system refuses, told so that its user can mend it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from civgen.errors import CivgenError, InvalidInput, Unavailable
from civgen.files import closed_folder, of_system, refusal, usable


def _fill(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA max_page_count = 2")
        db.execute("CREATE TABLE t (b BLOB)")
        db.execute("INSERT INTO t VALUES (zeroblob(100000))")


def _open_folder(path: Path) -> None:
    path.mkdir()
    sqlite3.connect(path)


def _hold(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as one:
        one.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")


def _lack_room(path: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _write_below_a_file(path: Path) -> None:
    path.touch()
    (path / "below").write_text("")


CASES: list[tuple[Callable[[Path], None], type[CivgenError], str, str]] = [
    (_fill, InvalidInput, "rows.db cannot be used: database or disk is full.", "Make room"),
    (_open_folder, InvalidInput, "rows.db cannot be used: it is a folder.", "civgen doctor"),
    (_hold, Unavailable, "rows.db cannot be used: database is locked.", "try again"),
    (_lack_room, InvalidInput, "rows.db cannot be used: No space left on device.", "Make room"),
    (_write_below_a_file, InvalidInput, "rows.db/below cannot be used: Not a directory.", ""),
]


@pytest.mark.parametrize(
    ("work", "kind", "message", "hint"), CASES, ids=lambda one: getattr(one, "__name__", "")
)
def test_a_file_is_named_with_the_reason(
    tmp_path: Path, work: Callable[[Path], None], kind: type[CivgenError], message: str, hint: str
) -> None:
    with pytest.raises(CivgenError) as error, usable(tmp_path / "rows.db"):
        work(tmp_path / "rows.db")
    assert (type(error.value), error.value.message) == (kind, message)
    assert hint in (error.value.hint or "")


def test_a_bug_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.db"
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.OperationalError) as bug:
        db.execute("SELECT * FROM nowhere")
    assert refusal(bug.value, path) is None
    assert refusal(ConnectionRefusedError(111, "refused"), tmp_path) is None
    assert of_system(OSError("without a number")) is None
    assert of_system(OSError(errno.ENOSPC, "No space left on device")) is not None


def test_the_folder_in_the_way_is_the_nearest_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert closed_folder(tmp_path / "a" / "b" / "c.toml") is None
    (tmp_path / "a").mkdir()
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) in (tmp_path / "a", tmp_path) and not mode)
    assert closed_folder(tmp_path / "a" / "b" / "c.toml") == tmp_path / "a"
