"""`civgen schema`: the command line itself, as data."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit
from civgen.errors import InvalidInput

app = typer.Typer()


@app.command()
@answers(dict[str, Any])
def schema(
    command: Annotated[
        list[str] | None,
        typer.Argument(help="A command's words, for instance db plan; or error.", show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All commands in one document.")] = False,
) -> None:
    """Describe a command for a program: arguments, options, types, exit codes, and its answer's JSON Schema.

    `civgen schema error` is the JSON Schema of the document that every command gives on failure.
    """
    from civgen import __version__
    from civgen.cli.describe import all_commands, error_schema, find_command

    if every == bool(command):
        raise InvalidInput("Name one command, or pass --all.", hint="For instance: `civgen schema db plan`")
    if command == ["error"]:
        emit(error_schema())
    elif command:
        emit(find_command(tuple(command)).as_json())
    else:
        described = [one.as_json() for one in all_commands()]
        emit({"version": __version__, "commands": described, "error": error_schema()})
