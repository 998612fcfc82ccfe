"""Python, the machine, the terminal, and which civgen is running."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from civgen.cli.doctor.finding import Finding, broken, note, ok
from civgen.cli.doctor.scene import Scene

ORDER = 10


def check(scene: Scene) -> Iterator[Finding]:  # noqa: ARG001
    """What civgen runs on."""
    yield ok(
        f"{platform.python_implementation()} {platform.python_version()} on "
        f"{platform.system()} {platform.machine()}"
    )
    if not _is_anywhere():
        yield broken("the current folder is gone: it was deleted or moved", "cd ~")
    yield _installed()
    yield from _terminal()


def _is_anywhere() -> bool:
    try:
        return Path.cwd().is_dir()
    except FileNotFoundError:
        return False


def _installed() -> Finding:
    """Which civgen a shell would start, and whether it is this one."""
    import civgen

    here = Path(civgen.__file__).parent
    found = shutil.which("civgen")
    # Links are not followed: python and civgen of one environment lie side by side, whatever they lead to.
    beside = Path(sys.executable).parent
    do = f'export PATH="{beside}:$PATH"' if (beside / "civgen").exists() else None
    if found is None:
        return note(f"civgen {civgen.__version__} runs from {here}; no civgen is on the PATH", do)
    if Path(found).parent.resolve() != beside.resolve():
        return note(
            f"civgen {civgen.__version__} runs from {here}; the shell would start another one: {found}",
            do,
        )
    return ok(f"civgen {civgen.__version__}, from {here}")


def _terminal() -> Iterator[Finding]:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding not in ("utf8", "utf8sig"):
        yield note(f"stdout is written as {sys.stdout.encoding}, which lacks letters", "export PYTHONUTF8=1")
    if sys.stdin.isatty() and sys.stderr.isatty():
        colours = "without colours (NO_COLOR)" if os.environ.get("NO_COLOR") else "with colours"
        yield ok(f"a terminal of {shutil.get_terminal_size().columns} columns, {colours}")
    else:
        yield ok("no terminal: nothing is asked for, errors name the flag to pass")
