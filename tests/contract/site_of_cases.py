"""Cases as they stand in their files, and running them."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

CASES = Path(__file__).parent / "cases"
#: Of the one who pays in the environment `served`.
TOKEN = "canary-0123456789abcdef"
KINDS = ("succeeds", "fails", "asks")


@dataclass(frozen=True)
class Case:
    """One run of a command.

    Attributes:
        command: its words.
        kind: of `KINDS`; one that asks fails for want of consent, and succeeds with --yes.
        run: the whole command line, without `civgen` and `--json`.
        code: the exit code.
        setup: command lines that are run before, with the same stdin.
        files: texts of files by name, written before.
        lines: whether the answer is JSON Lines, by choice of the command line.
        until: words on stderr at which a command that runs on is told to stop.
        queue: whether it needs a database with a queue, as the environment `shared`.
        served: whether it needs an orchestrator that takes its time, as the environment `served`; {fresh} is
            then a job there that has not ended.
    """

    command: str
    kind: str
    run: str
    code: int = 0
    setup: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    stdin: str | None = None
    lines: bool = False
    until: str | None = None
    queue: bool = False
    served: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.run}"


def cases(known: dict[str, str]) -> Iterator[Case]:
    """All cases. A file is called after the command that its cases run.

    Args:
        known: commands by the names of their files.
    """
    for path in sorted(CASES.glob("*.toml")):
        for kind, entries in tomllib.loads(path.read_text()).items():
            for entry in entries:
                yield Case(known.get(path.stem, path.stem), kind, **{"code": _code(kind), **entry})


def _code(kind: str) -> int:
    return {"succeeds": 0, "asks": 8}.get(kind, 2)


@dataclass
class Site:
    """A workspace, and commands that are run in it."""

    root: Path
    run: Callable[..., Any]
    ids: dict[str, str]

    def add(self, settings: str) -> None:
        """Write more settings of the workspace."""
        with (self.root / "civgen.toml").open("a") as file:
            file.write(f"\n{settings}\n")

    def make_real(self, url: str) -> None:
        """Let the usual environment be one where money is real."""
        file = self.root / "civgen.toml"
        said = tomlkit.parse(file.read_text())
        said.setdefault("environments", {}).setdefault("local", {})["orchestrator"] = url
        file.write_text(tomlkit.dumps(said))

    def words(self, line: str) -> list[str]:
        """A command line as words, with the ids that were given here."""
        for name, value in self.ids.items():
            line = line.replace(f"{{{name}}}", value)
        return shlex.split(line)

    def prepare(self, case: Case) -> None:
        """Write a case's files and run its setup."""
        for name, text in case.files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for line in case.setup:
            done = self.run(*self.words(line), stdin=case.stdin)
            assert done.code in (0, 9), (line, done.stdout, done.stderr)

    def answer(self, case: Case, *more: str) -> Any:
        """What a case's command answers as JSON."""
        words = [*self.words(case.run), *more, "--json"]
        if case.until:
            return _until(case.until, words)
        return self.run(*words, stdin=case.stdin)


def at_a_terminal(words: Sequence[str], answer: str) -> tuple[int, str]:
    """Run a command at a terminal and answer its question; gives the exit code and what was shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "civgen", *words]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        shown = b""
        with contextlib.suppress(OSError):  # which is how a terminal says that nobody writes any more
            while part := os.read(ours, 4096):
                shown += part
    os.close(ours)
    return process.returncode, shown.decode()


@dataclass
class _Stopped:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


def _until(said: str, words: list[str], pause: float = 0) -> _Stopped:
    """Run a command until it says something, then have it stop as a service manager does."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-m", "civgen", *words], text=True, **pipes) as process:
        assert process.stderr is not None
        heard = ""
        while said not in heard and (line := process.stderr.readline()):
            heard += line
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    if process.returncode in (-signal.SIGTERM, 130) and pause < 10:
        # It was not yet listening to signals, which on a slow machine may take a while.
        return _until(said, words, 2 * pause or 0.2)
    return _Stopped(process.returncode, out, heard + err)
