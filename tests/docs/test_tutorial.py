"""The tutorial, followed word for word as a new user would: every command, every edit, every answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from console import Command, blocks, commands, said

ROOT = Path(__file__).parents[2]
#: Minutes that the page promises; what a machine does of it must be a small part.
SECONDS = 600


class Reader:
    """Somebody who types what the page says, in one shell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = os.environ | {"PATH": path, "COLUMNS": "100"}

    def types(self, command: Command) -> str:
        """Type a command; what it answers."""
        if command.line.startswith("cd "):
            self.folder /= command.line.removeprefix("cd ")
            return ""
        line = command.line.replace("$?", str(self.code))
        done = subprocess.run(
            line, shell=True, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout

    def adds(self, text: str) -> None:
        """Add what the page shows to the one file that it is about."""
        with (self.folder / "ecosystems/Nova.toml").open("a") as file:
            file.write(f"\n{text}")


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    reader, typed = Reader(tmp_path), 0
    for kind, text in blocks((ROOT / "docs/tutorial.md").read_text()):
        if kind == "toml":
            reader.adds(text)
        for command in commands(text) if kind == "console" else ():
            output = reader.types(command)
            typed += 1
            assert said(command.answer, output), f"$ {command.line}\n{output}"
            assert reader.code == 0 or command.answer[0].startswith("error "), output
    assert typed > 12
    assert reader.code == 0
    assert list((reader.folder / "outputs").glob("*.jpeg"))
