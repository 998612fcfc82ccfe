"""`python -m tools.docs`: write the generated documentation, or with `--check` say what is out of date."""

from __future__ import annotations

import sys

from tools.docs.build import built, stale, write


def main(words: list[str]) -> int:
    """Exit code 0; under `--check` 1 when something is out of date."""
    made = built()
    if words == ["--check"]:
        for path in (old := stale(made)):
            print(f"out of date: {path}", file=sys.stderr)
        return 1 if old else 0
    changed = write(made)
    said = [f"{'wrote' if path in made else 'removed'} {path}" for path in changed]
    print("\n".join(said) or f"{len(made)} files are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
