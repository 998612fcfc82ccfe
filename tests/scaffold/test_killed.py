"""A process that is killed leaves nothing half written, whenever that happens."""

import os
import signal
import subprocess
import sys
import traceback

import pytest
from trees import tree

from civgen.errors import Refused
from civgen.scaffold.changes import FileChange
from civgen.scaffold.records import JOURNAL, Record, new_record
from civgen.scaffold.writing import recover, write

CHANGES = (
    FileChange("new/folder/a.txt", None, "a\n"),
    FileChange("changed.txt", "old\n", "new\n"),
    FileChange("gone.txt", "old\n", None),
)
#: What a process does to files, as Python's audit hooks call it.
DEEDS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}

KILLED = """
import os, signal, sys
count = 0
def hook(event, args):
    global count
    if event == "os.rename" and "house" in str(args[1]):
        count += 1
        if count == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from civgen.cli.app import app
app(sys.argv[2:])
"""


def begun(root):
    root.mkdir()
    for one in CHANGES:
        if one.before is not None:
            (root / one.path).write_text(one.before)
    return root


def killed_at(number, root, record):
    """Write in a process that kills itself before its n-th deed; whether it got to the end before."""
    child = os.fork()
    if child == 0:
        count = 0

        def hook(event, args):
            nonlocal count
            if event in DEEDS and str(root) in str(args[0]):
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            write(root, CHANGES, record)
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # whatever happens, nobody but the parent goes on with the tests
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    return status == 0


@pytest.mark.parametrize("recorded", [True, False])
def test_it_is_all_there_or_nothing_wherever_it_was_killed(tmp_path, recorded):
    whole = begun(tmp_path / "whole")
    record = new_record(whole, {"command": "add"}, CHANGES) if recorded else None
    before = tree(whole)
    write(whole, CHANGES, record)
    after = tree(whole)
    ends = []
    for number in range(1, 100):
        root = begun(tmp_path / str(number))
        done = killed_at(number, root, record)
        recover(root)
        ends.append(tree(root))
        assert ends[-1] in (before, after), number
        if done:
            break
    assert done and number > 8
    assert ends[0] == before and ends[-1] == after
    assert ends == sorted(ends, key=lambda end: end == after)  # once it counts, it counts


def test_the_next_command_finds_everything_as_it_was(run, house):
    words = ("add-engine", "my-sora", "--media", "video", "--wire", "sora")
    before = tree(house)
    for number in (1, 2):
        done = subprocess.run([sys.executable, "-c", KILLED, str(number), *words], check=False, cwd=house)
        assert done.returncode == -signal.SIGKILL
        assert (house / JOURNAL).exists()
        assert run("list", "engines", "--json").code == 0
        assert tree(house) == before
    assert run(*words).code == 0 and run("lint").code == 0


def test_undoing_is_whole_as_well(tmp_path):
    root = begun(tmp_path / "house")
    write(root, CHANGES, new_record(root, {"command": "add"}, CHANGES))
    (path,) = (root / ".civgen/additions").iterdir()
    assert path.name == "00001.json"
    back = [FileChange(one.path, one.after, one.before) for one in CHANGES]
    folders = ("new/folder", "new", ".civgen/additions", ".civgen")
    write(root, back, Record(1, {"command": "add"}, (), folders, undone=True))
    assert tree(root) == tree(begun(tmp_path / "other"))


def test_two_processes_never_write_at_a_time(tmp_path):
    import fcntl

    root = begun(tmp_path / "house")
    (root / JOURNAL).parent.mkdir()
    with (root / JOURNAL).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for attempt in (lambda: write(root, CHANGES), lambda: recover(root)):
            with pytest.raises(Refused, match="Another process"):
                attempt()
    assert (root / "changed.txt").read_text() == "old\n"


def test_what_was_edited_after_the_kill_is_left_alone(tmp_path):
    root = begun(tmp_path / "house")
    number = next(
        n for n in range(1, 50) if not killed_at(n, root, None) and (root / "new/folder/a.txt").exists()
    )
    assert number
    (root / "new/folder/a.txt").write_text("ours\n")
    assert recover(root) == [] or "new/folder/a.txt" not in recover(root)
    assert (root / "new/folder/a.txt").read_text() == "ours\n"
