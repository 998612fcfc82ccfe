"""Entry point of the `civgen` command and of `python -m civgen`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line.

    `--version` alone is answered before anything is imported: shells, CI caches and agents ask it
    often, and the argument parser takes ten times as long to load as the answer to print.
    """
    if sys.argv[1:] == ["--version"]:
        from civgen import __version__

        sys.stdout.write(f"civgen {__version__}\n")
        return
    # Pydantic would look through every installed package for plugins, which no command of civgen has use for.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from civgen.cli.app import app

    app()


if __name__ == "__main__":
    main()
