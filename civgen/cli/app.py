"""The root of the command line: which commands there are, common options, and the error boundary.

Commands are the modules of `civgen.cli.commands`: the directory listing is the registry. A module is
imported when its command is run, or when help has to describe it, so none may import anything heavy
at its top.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from civgen.cli import commands
from civgen.cli.output import emit, finish
from civgen.cli.recalling import placed
from civgen.cli.state import new_state, state
from civgen.errors import CivgenError, InvalidInput, Problem, did_you_mean
from civgen.files import of_system

# Typer brings its own click, which is not to be imported; its classes are reached through Typer's.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
INTERRUPTED = 130
#: Options that Typer gives every app of its own; completion belongs to the root, which has none.
_COMPLETION = ("install_completion", "show_completion")


class Root(TyperGroup):
    """The root group: finds commands by directory listing, and is the one error boundary."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The modules of `civgen.cli.commands`."""
        return sorted(_command_name(module.name) for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the module of a command, and give every command below it the common options."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        _add_common(command)
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As Typer does, with the closest command as a hint."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.list_commands(ctx):
            hint = did_you_mean(name, self.list_commands(ctx), "`civgen --help` shows all commands.")
            raise InvalidInput(f"There is no command {name!r}.", hint=hint)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run; Typer itself would end an interrupted run without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _Interrupted("Interrupted.") from None

    def main(self, args: Any = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]
        """Run, and translate what goes wrong into an exit code and a message or document."""
        words = sys.argv[1:] if args is None else list(args)
        extra["prog_name"] = "civgen"
        new_state(words)
        code = self._guarded(
            lambda: _tell_help(words) or super(Root, self).main(words, standalone_mode=False, **extra)
        )
        if standalone_mode:
            sys.exit(code)
        return code

    def _guarded(self, run: Callable[[], Any]) -> int:
        try:
            code = run()
            finish()
            return code if isinstance(code, int) and code is not True else 0
        except BrokenPipeError:
            # The reader has gone, for instance `| head`; there is nobody left to tell.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
            return 0
        except (Exception, KeyboardInterrupt) as error:
            if type(error).__name__ == "NoArgsIsHelpError":
                return _help(error)
            problem = _as_problem(error)
            if problem is None:
                raise
            finish(problem)
            return problem.exit_code


def _tell_help(words: list[str]) -> bool:
    """Give the help that a program asks for; whether it did."""
    if not state().json:
        return False
    from civgen.cli.help_document import help_document, wants_document

    if not wants_document(words):
        return False
    emit(help_document(words))
    return True


def _as_problem(error: BaseException) -> CivgenError | None:
    """What a person is told of an error; None for a bug of ours, which keeps its traceback."""
    if isinstance(error, CivgenError):
        return placed(error)
    if isinstance(error, UsageError):
        return _usage(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return _Interrupted("Interrupted.")
    if isinstance(error, OSError) and (refused := of_system(error)):
        return refused
    if state().json:
        traceback.print_exc()
        hint = "This is a bug of civgen; the traceback is on stderr."
        return CivgenError(f"{type(error).__name__}: {error}", hint=hint)
    return None


class _Interrupted(CivgenError):
    code, exit_code = "interrupted", INTERRUPTED


app = typer.Typer(
    cls=Root,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _set_json(value: bool) -> bool:
    state().json = state().json or value
    return value


def _set_env(value: str | None) -> str | None:
    state().env = value or state().env
    return value


def _set_workspace(value: Path | None) -> Path | None:
    state().workspace_path = value or state().workspace_path
    return value


def _print_version(value: bool) -> None:
    if value:
        from civgen import __version__

        typer.echo(f"civgen {__version__}")
        raise typer.Exit


JsonOption = Annotated[
    bool,
    typer.Option(
        "--json",
        callback=_set_json,
        help="Print one JSON document, also on failure.",
        rich_help_panel="Common",
    ),
]
EnvOption = Annotated[
    str | None,
    typer.Option(
        "--env",
        callback=_set_env,
        envvar="CIVGEN_ENV",
        metavar="NAME",
        help="Environment of civgen.toml, by default local.",
    ),
]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        callback=_set_workspace,
        envvar="CIVGEN_WORKSPACE",
        metavar="DIR",
        help="Workspace, by default found upward from here.",
    ),
]


@app.callback()
def root(
    json: JsonOption = False,
    env: EnvOption = None,
    workspace: WorkspaceOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Add a base model or an engine as one file, and derive everything else from it."""


def _add_common(command: Any) -> None:
    """Let the common options stand behind any command, too."""
    if isinstance(command, TyperCommand):
        command.params = [param for param in command.params if param.name not in _COMPLETION]
        taken = {param.name for param in command.params}
        command.params.extend(param for param in _common() if param.name not in taken)
    for child in getattr(command, "commands", {}).values():
        _add_common(child)


def _common() -> list[Any]:
    probe = typer.Typer()

    @probe.command()
    def options(
        json: JsonOption = False, env: EnvOption = None, workspace: WorkspaceOption = None
    ) -> None: ...

    params = [
        param for param in typer.main.get_command(probe).params if param.name in ("json", "env", "workspace")
    ]
    for param in params:
        param.expose_value = False
    return params


def _help(error: Any) -> int:
    """A group without a command shows its help, once, and that is fine."""
    text = error.format_message()
    if text:
        typer.echo(text)
    return 0


def _command_name(module: str) -> str:
    return module.replace("_", "-")


def _usage(error: Any) -> InvalidInput:
    """What Typer found wrong with the words of the command line."""
    context = getattr(error, "ctx", None)
    hint = f"`{context.command_path} --help` shows what it takes." if context else None
    param = getattr(error, "param", None)
    details = [Problem(param.name or "", error.format_message(), hint=hint)] if param else []
    return InvalidInput(error.format_message(), hint=hint, details=details)
