"""The journey that the README tells, walked as a reader would."""

import os
import re
import subprocess
import sys
from pathlib import Path


def test_the_demo_walks_the_whole_journey(tmp_path):
    bin_folder = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    demo = Path(__file__).with_name("demo.py")
    done = subprocess.run(
        [sys.executable, demo], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "No findings" in done.stdout
    assert re.search(r"cost +2000 Buzz  \(an estimate, from sandbox\)", done.stdout)
    assert re.search(r"outputs/\w+-1\.jpeg  \d+ bytes", done.stdout)


def test_every_command_of_the_readme_exists(run):
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    named = set(re.findall(r"`civgen ([a-z][a-z-]*)", readme)) | set(
        re.findall(r"\$ civgen ([a-z-]+)", readme)
    )
    assert len(named) > 8
    for command in named:
        assert run(command, "--help").code == 0, command
