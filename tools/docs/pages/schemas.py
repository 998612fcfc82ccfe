"""What programs are told of every command, a file each: what `civgen schema COMMAND` says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from civgen.cli.describe import Command, all_commands, error_schema
from tools.docs.markdown import code, document, table

FOLDER = "docs/reference/schema"


def pages() -> dict[str, str]:
    """The files by path, and a page that lists them; `error.json` is the document of every failure."""
    commands = list(all_commands())
    made = {f"{FOLDER}/{_file(one)}": _text(one.as_json()) for one in commands}
    return {f"{FOLDER}/index.md": _index(commands), f"{FOLDER}/error.json": _text(error_schema()), **made}


def _index(commands: Iterable[Command]) -> str:
    rows = [(f"[`civgen {one.name}`]({_file(one)})", *_answers(one)) for one in commands]
    return document(
        "# What commands answer, for programs",
        "A file a command: its arguments, options, types and exit codes, and the JSON Schema of its document "
        "under `--json` (`result`) and of each of its JSON Lines (`line`). `civgen schema COMMAND` says the "
        "same, `civgen schema --all` all of it at once. Objects are closed.",
        "[error.json](error.json) is the schema of the document of every failure. `next`, there and in many "
        "answers, has the commands that lead on.",
        table(("command", "document", "lines", "can cost"), rows),
    )


def _answers(one: Command) -> tuple[str, str, str]:
    answer = one.answer
    return (
        code(_name(one.result)) if one.result else "",
        "yes" if one.line else "",
        "yes" if answer and answer.spends else "",
    )


def _name(schema: Mapping[str, Any]) -> str:
    """What a document is called; of several its kinds."""
    if kinds := schema.get("anyOf"):
        return " | ".join(_name(one) for one in kinds)
    if schema.get("type") == "array":
        return f"list of {_name(schema['items'])}"
    return str(schema.get("title") or schema.get("$ref", schema.get("type"))).rpartition("/")[2]


def _file(one: Command) -> str:
    return f"{one.name.replace(' ', '-')}.json"


def _text(said: object) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"
