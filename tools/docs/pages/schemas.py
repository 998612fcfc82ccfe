"""What programs are told of every command, a file each: what `civgen schema COMMAND` says."""

from __future__ import annotations

import json

from civgen.cli.describe import all_commands, error_schema

FOLDER = "docs/reference/schema"


def pages() -> dict[str, str]:
    """The files by path; `error.json` is the document of every failure."""
    described = {one.name.replace(" ", "-"): one.as_json() for one in all_commands()}
    return {
        f"{FOLDER}/{name}.json": json.dumps(said, indent=2, ensure_ascii=False) + "\n"
        for name, said in {**described, "error": error_schema()}.items()
    }
