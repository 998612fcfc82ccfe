"""The main journey, told command by command: each is printed before what it prints.

Run it with `make demo`. It works in a temporary folder, on the embedded defaults: SQLite, and a local
sandbox in place of an orchestrator. Nothing leaves the machine.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REQUEST = '--ecosystem Nova --prompt "a red fox in the snow"'
PRICED = '--ecosystem Veo3 --prompt "a lighthouse" --set duration=8 --set generateAudio=true'
ADD_BASE_MODEL = (
    'civgen add-base-model "Nova XL" --ecosystem Nova --parent SDXL --license "CreativeML Open RAIL++-M" '
    "--checkpoint 9000101 --model-id 9000100"
)
ADD_VERSION = "civgen add-version Nova --id 9000102 --label v2 --model-id 9000100"
ADD_ENGINE = (
    "civgen add-engine krea-2 --media image --wire comfy --set ecosystem=krea2 --set model=turbo "
    "--set operation=createImage --ecosystem Krea2 "
    '--name "Krea 2" --license "Apache 2.0" --version-id 9000201'
)

JOURNEY = [
    ("A workspace: a folder that a team keeps in git.", "civgen init ."),
    ("A base model: one file, from which the rest follows.", ADD_BASE_MODEL),
    ("The same again changes nothing.", ADD_BASE_MODEL),
    ("Another version of it: one table more.", ADD_VERSION),
    ("An engine: a module made from the orchestrator's contract, its ecosystem, and a test.", ADD_ENGINE),
    ("Everything that must agree, agrees.", "civgen lint"),
    ("What was written passes its own tests.", "python -m pytest -q -p no:cacheprovider tests"),
    ("What a person may fill in.", "civgen form show --ecosystem Nova"),
    ("What would be posted for the base model.", f"civgen preview {REQUEST}"),
    ("What the new engine would post.", 'civgen preview --ecosystem Krea2 --prompt "a red fox in the snow"'),
    (
        "A wrong request is refused with every problem at once.",
        f"civgen preview {REQUEST} --set steps=9999 --set sampler=nope",
    ),
    ("Which rows make it generatable.", "civgen db plan"),
    ("Apply them.", "civgen db apply --yes"),
    ("What it would cost: unknown is said, never guessed.", f"civgen submit --dry-run {REQUEST}"),
    ("Where a price is published, it is computed.", f"civgen submit --dry-run {PRICED}"),
    ("Run it, and fetch the file.", f"civgen submit {REQUEST} --wait"),
]

#: Commands that are meant to be refused, with the exit code they must give.
EXPECTED = {"--set steps=9999": 2}


def main() -> int:
    """Walk the journey; stops at the first command that does not end as it should."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="civgen-demo-") as folder:
        for about, command in JOURNEY:
            print(f"\n# {about}\n$ {command}", flush=True)
            words = [sys.executable if word == "python" else word for word in shlex.split(command)]
            done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, check=False)
            expected = next((code for part, code in EXPECTED.items() if part in command), 0)
            if done.returncode != expected:
                print(f"exit code {done.returncode}, expected {expected}", file=sys.stderr)
                return 1
        files = sorted(Path(folder, "outputs").iterdir())
    print(f"\n{len(JOURNEY)} commands in {time.monotonic() - started:.1f} s; {len(files)} file made.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
