"""`civgen lint`: whether everything that must agree, agrees."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import answers
from civgen.cli.following import repeated, suggest
from civgen.cli.options import spread
from civgen.cli.output import console, emit, note, table
from civgen.cli.state import state
from civgen.errors import AnswerIsNo, InvalidInput
from civgen.lint.formats import known, names, render
from civgen.results.lint import Linted

if TYPE_CHECKING:
    from civgen.lint.fixes import Fixed
    from civgen.lint.report import Report
    from civgen.lint.runner import Options
    from civgen.lint.sources import Stdin
    from civgen.workspace import Workspace

app = typer.Typer(add_completion=False)

#: What comes to light when something is put right may be put right, too; so many times at most.
_ROUNDS = 5


@dataclass
class Scope:
    """What is linted, and by which rules."""

    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH|-",
            help="Show findings of these files and folders, or of stdin, only.",
            show_default=False,
        ),
    ] = None
    stdin_name: Annotated[
        str | None, typer.Option(metavar="FILE", help="The file that stdin stands for, saved or not.")
    ] = None
    select: Annotated[
        list[str],
        typer.Option(metavar="CODE[,CODE]", help="Run these rules only: codes or their beginnings."),
    ] = field(default_factory=list)
    ignore: Annotated[list[str], typer.Option(metavar="CODE[,CODE]", help="Leave these rules out.")] = field(
        default_factory=list
    )
    no_exec: Annotated[
        bool,
        typer.Option(
            "--no-exec", help="Run no code of the workspace: for pull requests that nobody has read."
        ),
    ] = False
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Leave out the findings that this file lists.")
    ] = None
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Work everything out anew.")] = False


@dataclass
class Shape:
    """How findings are shown, and what follows from them."""

    format: Annotated[
        str, typer.Option(metavar="NAME", help=f"How to show findings: {', '.join(names())}.")
    ] = "text"
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Show how many findings each rule has.")
    ] = False
    strict: Annotated[bool, typer.Option("--strict", help="Exit 7 for warnings, too.")] = False


@dataclass
class Change:
    """What is written."""

    fix: Annotated[
        bool, typer.Option("--fix", help="Show what fixes would change, and with consent change it.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Consent to the fixes.")] = False
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write the findings of today to --baseline FILE.")
    ] = False


@app.command()
@answers(Linted, {7: "something does not agree"})
@spread
def lint(
    scope: Scope,
    shape: Shape,
    change: Change,
    explain: Annotated[
        str | None, typer.Option(metavar="CODE", help="Explain a rule, and do nothing else.")
    ] = None,
    list_rules: Annotated[
        bool, typer.Option("--list-rules", "--list", help="List the rules, and do nothing else.")
    ] = False,
) -> None:
    """Check everything that must agree: files, references, forms, engines and the contract."""
    known(shape.format)
    if explain:
        _explain(explain)
    elif list_rules:
        _list()
    elif change.fix:
        _fix(scope, shape, change)
    elif change.write_baseline:
        _write_baseline(scope)
    else:
        _answer(_run(scope), shape)


def _run(scope: Scope) -> Report:
    from civgen.lint.runner import lint as run

    paths, stdin = _paths(scope)
    return run(_workspace(), _options(scope), paths=paths, stdin=stdin)


def _workspace() -> Workspace:
    return state().workspace


def _options(scope: Scope, *, with_baseline: bool = True) -> Options:
    from civgen.lint.baseline import NOTHING_KNOWN, read_baseline
    from civgen.lint.runner import Options

    return Options(
        select=_codes(scope.select),
        ignore=_codes(scope.ignore),
        execute=not scope.no_exec,
        baseline=read_baseline(scope.baseline) if scope.baseline and with_baseline else NOTHING_KNOWN,
        keep=not scope.no_cache,
    )


def _codes(words: list[str]) -> list[str]:
    return [code.strip() for word in words for code in word.split(",")]


def _paths(scope: Scope) -> tuple[list[Path], Stdin | None]:
    """The paths, and what came in on stdin if that is one of them."""
    from civgen.lint.sources import Stdin

    paths = [path for path in scope.paths or () if str(path) != "-"]
    if len(paths) == len(scope.paths or ()):
        if scope.stdin_name:
            raise InvalidInput("--stdin-name says what `-` stands for, and there is no `-`.")
        return paths, None
    if paths:
        raise InvalidInput("`-` cannot be given beside other paths.", hint="Lint one after the other.")
    return paths, Stdin(sys.stdin.buffer.read(), scope.stdin_name)


def _answer(report: Report, shape: Shape) -> None:
    """Show a report.

    Raises:
        AnswerIsNo: something does not agree.
    """
    suggest(*_after(report))
    if shape.statistics:
        emit(report.as_json(), lambda: _statistics(report))
    else:
        emit(report.as_json(), lambda: _show(report, shape.format))
    _judge(report, strict=shape.strict)


def _after(report: Report) -> list[str]:
    """What mends a report; where nothing is to be mended, what to go on with."""
    if any(finding.fix for finding in report.findings):
        return [repeated("--fix")]
    if report.findings:
        return [command("lint", "--explain", report.findings[0].code)]
    return [command("db", "plan")] if state().workspace.root else []


def _judge(report: Report, *, strict: bool) -> None:
    bad = ("error", "warning") if strict else ("error",)
    failed = [finding.code for finding in report.findings if finding.severity in bad]
    if failed:
        hint = f"`civgen lint --explain {failed[0]}` says why there is such a rule."
        raise AnswerIsNo(f"Not everything agrees: {report.tally}.", hint=hint)


def _show(report: Report, name: str) -> None:
    if name == "text" and sys.stdout.isatty():
        _coloured(report)
    else:
        sys.stdout.write(render(name, report))


def _coloured(report: Report) -> None:
    from rich.text import Text

    from civgen.lint.formats.text import lines

    out = console()
    for line in lines(report):
        out.print(Text.assemble(*line), soft_wrap=True)


def _statistics(report: Report) -> None:
    rows = report.statistics
    table(rows[0] if rows else ("code", "name", "findings"), (row.values() for row in rows))
    typer.echo(f"{report.tally} ({report.work})")


def _fix(scope: Scope, shape: Shape, change: Change) -> None:
    """Show the diff, with consent write it, and lint again.

    Raises:
        InvalidInput: there is nothing that could be changed.
        AnswerIsNo: something does not agree, even then.
    """
    from civgen.lint.fixes import fixed

    paths, stdin = _paths(scope)
    if stdin:
        raise InvalidInput("--fix changes files, and stdin is none.", hint="Name the file.")
    rounds: list[Fixed] = []
    report, written = _run(scope), False
    while len(rounds) < _ROUNDS and (made := fixed(report.findings, _may_change(paths))).after:
        rounds.append(made)
        if not _consents(made.diff, change):
            break
        made.write()
        report, written = _run(scope), True
    fixes = [finding.as_json() for made in rounds for finding in made.done]
    told = {"fixed": fixes, "diff": "".join(made.diff for made in rounds), "written": written}
    suggest(*([repeated("--yes")] if rounds and not written else []))
    emit(report.as_json() | told, lambda: _show(report, shape.format))
    _judge(report, strict=shape.strict)


def _consents(diff: str, change: Change) -> bool:
    """Show a diff; whether it is to be written: told so by --yes, or by whoever sits at the terminal."""
    if not state().json:
        sys.stdout.write(diff + "\n")
    if change.yes:
        return True
    if state().json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        note("Nothing is written: pass --yes to consent.")
        return False
    return typer.confirm("Write these changes?", err=True)


def _may_change(paths: list[Path]) -> Any:
    """Files of the workspace may be changed, and those that were named; never civgen's own unless named."""
    from civgen.lint.sources import real

    homes = [real(path) for path in paths]
    if state().workspace.root:
        homes.append(real(state().workspace.required))
    return lambda file: any(real(file).is_relative_to(home) for home in homes)


def _write_baseline(scope: Scope) -> None:
    """Write today's findings to the baseline, in one go.

    Raises:
        InvalidInput: no file is named.
    """
    from civgen.lint.baseline import baseline_text
    from civgen.lint.fixes import replace_file
    from civgen.lint.runner import lint as run

    if scope.baseline is None:
        raise InvalidInput("--write-baseline needs a file.", hint="Pass --baseline FILE, too.")
    paths, stdin = _paths(scope)
    report = run(_workspace(), _options(scope, with_baseline=False), paths=paths, stdin=stdin)
    replace_file(scope.baseline, baseline_text(report.findings))
    told = {"file": str(scope.baseline), "findings": len(report.findings), "counts": report.counts}
    emit(told, lambda: typer.echo(f"{scope.baseline} lists {report.tally}."))


def _explain(code: str) -> None:
    from civgen.errors import not_found
    from civgen.lint.registry import all_rules

    rules = all_rules()
    rule = rules.get(code.upper()) or next((one for one in rules.values() if one.name == code.lower()), None)
    if rule is None:
        raise not_found("rule", code, [*rules, *(one.name for one in rules.values())])
    title = {"code": rule.code, "name": rule.name, "severity": rule.severity}
    text = rule.explanation()
    emit(title | {"explanation": text}, lambda: typer.echo(f"{' · '.join(title.values())}\n\n{text}"))


def _list() -> None:
    from civgen.lint.registry import all_rules

    rules = [
        {"code": rule.code, "name": rule.name, "severity": rule.severity, "summary": rule.summary()}
        for rule in all_rules().values()
    ]
    emit(rules, lambda: table(("code", "name", "severity", "what holds"), (rule.values() for rule in rules)))
