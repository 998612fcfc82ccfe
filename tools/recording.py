"""The README's picture of a terminal: commands that are really run, in a workspace of their own.

`python -m tools.recording` writes `docs/images/recording.svg`. Durations and ids differ from run to run, so
it is made anew when what commands say has changed, and not compared by a test.
"""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

PICTURE = Path(__file__).parents[1] / "docs/images/recording.svg"
COLUMNS = 104

REQUEST = '--ecosystem Nova --prompt "a red fox"'
ADD = (
    'civgen add-base-model "Nova Turbo" --ecosystem Nova --parent ZImageTurbo \\\n'
    '    --license "Apache 2.0" --checkpoint 9000101 --model-id 9000100'
)
#: What is shown: a command, and how many lines of its answer; the rest is left out with a mark.
SHOWN = (
    (ADD, 3),
    ("civgen lint", 9),
    (f"civgen preview {REQUEST} --set steps=50 --set quality=high", 9),
    (f"civgen submit --dry-run {REQUEST}", 4),
    (f"civgen submit {REQUEST} --wait", 9),
)
#: What is done before: the second lint is the usual one, which keeps what has not changed.
_HIDDEN = ("civgen init .", "civgen lint")
_LEFT_OUT = "…"

THEME = TerminalTheme(
    (24, 27, 33),
    (217, 222, 229),
    [
        (60, 66, 77), (240, 113, 120), (152, 195, 121), (229, 192, 123),
        (97, 175, 239), (198, 120, 221), (86, 182, 194), (217, 222, 229),
    ],
)  # fmt: skip

#: Rich's own frame fetches a font; a picture in a README must not.
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"
  role="img" aria-label="A base model, added and priced">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-family: ui-sans-serif, system-ui, Helvetica, Arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> int:
    """Run the commands, and draw what they say."""
    out = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)  # noqa: PTH123, SIM115
    with tempfile.TemporaryDirectory(prefix="civgen-recording-") as folder:
        for command in _HIDDEN:
            _answer(command, Path(folder))
        for command, lines in SHOWN:
            out.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            said = _answer(command, Path(folder)).rstrip().splitlines()
            for line in [*said[:lines], *([_LEFT_OUT] if len(said) > lines else [])]:
                out.print(Text.from_ansi(line))
            out.print()
    svg = out.export_svg(title="civgen", theme=THEME, code_format=FRAME, unique_id="rec")
    PICTURE.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")
    print(f"wrote {PICTURE}")
    return 0


def _answer(command: str, folder: Path) -> str:
    """What a command prints at a terminal of this width."""
    inside, outside = pty.openpty()
    fcntl.ioctl(outside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=outside,
        stderr=outside,
    )
    os.close(outside)
    said = _read(inside)
    process.wait()
    return said


def _read(terminal: int) -> str:
    """Everything until the other side is closed."""
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # so Linux says that nobody is on the other side any more
            part = b""
        if not part:
            os.close(terminal)
            return said.decode().replace("\r\n", "\n")
        said += part


if __name__ == "__main__":
    sys.exit(main())
