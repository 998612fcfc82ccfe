"""Changes to files: all or none, and none outside the workspace."""

import errno
import os
from pathlib import Path

import pytest
from trees import tree

from civgen.errors import InvalidInput, Refused
from civgen.scaffold.changes import FileChange, new_files
from civgen.scaffold.records import new_record
from civgen.scaffold.writing import recover, write


def change(path, after="new\n", before=None):
    return FileChange(path, before, after)


def test_files_are_written_with_their_folders(tmp_path):
    write(tmp_path / "new", [change("a/b/c.txt"), change("d.txt")])
    assert (tmp_path / "new/a/b/c.txt").read_text() == "new\n"
    assert (tmp_path / "new/d.txt").read_text() == "new\n"


def test_a_failure_midway_leaves_everything_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "old.txt").write_text("old\n")
    before = tree(tmp_path)
    moves = []

    def fail_at_the_third(self, target, replace=Path.replace):
        moves.append(target)
        if len(moves) == 3:
            raise OSError("the disk is full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_third)
    with pytest.raises(OSError, match="the disk is full"):
        write(tmp_path, [change("old.txt", before="old\n"), change("x/y.txt"), change("z.txt")])
    assert len(moves) == 4  # the third failed; the fourth put the old text back
    assert tree(tmp_path) == before


def test_a_failure_before_the_first_move_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").write_text("")
    before = tree(tmp_path)
    with pytest.raises(OSError):
        write(tmp_path, [change("a/b.txt"), change("file/below.txt")])
    assert tree(tmp_path) == before


def test_a_file_that_changed_in_the_meantime_is_not_overwritten(tmp_path):
    (tmp_path / "old.txt").write_text("changed by somebody else\n")
    with pytest.raises(Refused, match=r"old\.txt changed in the meantime"):
        write(tmp_path, [change("new.txt"), change("old.txt", before="old\n")])
    assert not (tmp_path / "new.txt").exists()


@pytest.mark.parametrize(
    "path", ["../out.txt", "a/../../out.txt", "/tmp/out.txt", "link/out.txt", "file.txt", "."]
)
def test_nothing_is_written_outside_the_workspace(tmp_path, path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir(), outside.mkdir()
    (root / "link").symlink_to(outside)
    (root / "file.txt").symlink_to(outside / "file.txt")
    before = tree(tmp_path)
    for attempt in (
        lambda: write(root, [change("fine.txt"), change(path)]),
        lambda: new_files(root, {path: "x"}),
    ):
        with pytest.raises(Refused, match="outside"):
            attempt()
    assert tree(tmp_path) == before


def test_a_file_keeps_its_permissions(tmp_path):
    (tmp_path / "run.sh").write_text("old\n")
    (tmp_path / "run.sh").chmod(0o750)
    write(tmp_path, [change("run.sh", before="old\n")])
    assert (tmp_path / "run.sh").stat().st_mode & 0o777 == 0o750


def test_only_line_endings_are_no_difference(tmp_path):
    (tmp_path / "same.txt").write_bytes(b"one\r\ntwo\r\n")
    assert new_files(tmp_path, {"same.txt": "one\ntwo\n"}) == ([], ["same.txt"])
    with pytest.raises(Refused, match=r"same\.txt"):
        new_files(tmp_path, {"same.txt": "one\nthree\n"})


def test_a_diff_can_be_applied(tmp_path):
    assert change("a.txt", "one\n").diff() == "--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+one\n"
    assert "\\ No newline at end of file\n" in change("a.txt", "one\n", before="one").diff()


def test_a_disk_that_fills_up_at_the_record_leaves_everything_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "old.txt").write_text("old\n")
    changes = [change("old.txt", before="old\n"), change("x/y.txt")]
    record = new_record(tmp_path, {"command": "add-ecosystem"}, changes)
    before = tree(tmp_path)
    written = []

    def fill_up_at_the_fourth(handle, fsync=os.fsync):
        written.append(handle)
        if len(written) == 4:  # the journal, two files, the record
            raise OSError(errno.ENOSPC, "No space left on device")
        return fsync(handle)

    monkeypatch.setattr(os, "fsync", fill_up_at_the_fourth)
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("moved before all was written"))
    with pytest.raises(InvalidInput, match=r"\.json cannot be used: No space left on device"):
        write(tmp_path, changes, record)
    assert tree(tmp_path) == before


def test_what_cannot_be_put_back_now_is_put_back_by_the_next(tmp_path, monkeypatch):
    (tmp_path / "old.txt").write_text("old\n")
    before = tree(tmp_path)
    with monkeypatch.context() as patch:
        moves = []

        def fail_from_the_second_on(self, target, replace=Path.replace):
            moves.append(target)
            if len(moves) > 1:
                raise OSError(errno.EIO, "Input/output error")
            return replace(self, target)

        patch.setattr(Path, "replace", fail_from_the_second_on)
        with pytest.raises(OSError, match="Input/output"):
            write(tmp_path, [change("old.txt", before="old\n"), change("z.txt")])
    assert (tmp_path / "old.txt").read_text() == "new\n"
    assert recover(tmp_path) == ["old.txt"]
    assert tree(tmp_path) == before
