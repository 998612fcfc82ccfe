"""`civgen lint`: whether everything that must agree, agrees."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civgen.cli.output import console, emit, table
from civgen.cli.state import state
from civgen.errors import AnswerIsNo

if TYPE_CHECKING:
    from rich.console import Console

    from civgen.lint.finding import Finding
    from civgen.lint.runner import Report

app = typer.Typer(add_completion=False)

_COLOURS = {"error": "bold red", "warning": "bold yellow", "notice": "bold blue"}


class Format(StrEnum):
    """How findings are shown."""

    text = "text"
    json = "json"
    github = "github"


@app.command()
def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", help="Show findings of these files and folders only.", show_default=False
        ),
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Run these rules only: a code or its beginning.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Leave these rules out.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to show findings.")] = Format.text,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 7 for warnings, too.")] = False,
    explain: Annotated[
        str | None, typer.Option(metavar="CODE", help="Explain a rule, and do nothing else.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the rules, and do nothing else.")] = False,
) -> None:
    """Check everything that must agree: files, references, forms, engines and the contract."""
    if explain:
        _explain(explain)
    elif list_:
        _list()
    else:
        from civgen.lint.runner import lint as run

        _answer(
            run(state().workspace, select=select or (), ignore=ignore or (), paths=paths or ()),
            format_,
            strict,
        )


def _answer(report: Report, form: Format, strict: bool) -> None:
    """Show a report.

    Raises:
        AnswerIsNo: something does not agree.
    """
    renders = {Format.text: lambda: _text(report), Format.github: lambda: _github(report)}
    emit(report.as_json(), renders.get(form))
    bad = ("error", "warning") if strict else ("error",)
    failed = [finding.code for finding in report.findings if finding.severity in bad]
    if failed:
        hint = f"`civgen lint --explain {failed[0]}` says why there is such a rule."
        raise AnswerIsNo(f"Not everything agrees: {_tally(report)}.", hint=hint)


def _text(report: Report) -> None:
    """Findings by file, and a line that sums up."""
    from itertools import groupby

    out = console()
    for _, findings in groupby(report.findings, key=lambda finding: finding.where.file):
        for finding in findings:
            _show(out, finding)
        typer.echo()
    rules = f"{len(report.rules)} rules, {report.files} files, {report.seconds:.2f} s"
    typer.echo(f"{_tally(report).capitalize()} ({rules})")


def _show(out: Console, finding: Finding) -> None:
    from rich.text import Text

    where = finding.where
    place = ":".join(str(part) for part in (where.file, where.line, where.column) if part is not None)
    line = Text.assemble(
        (place, "bold"),
        " ",
        (finding.severity, _COLOURS[finding.severity]),
        f" {finding.code} {finding.name} ",
        finding.message,
        (f" [{finding.subject}]" if finding.subject else "", "dim"),
    )
    out.print(line, soft_wrap=True)
    if finding.hint:
        out.print(Text(f"    {finding.hint}", style="cyan"), soft_wrap=True)


def _github(report: Report) -> None:
    from civgen.lint.github import as_annotations

    sys.stdout.write(as_annotations(report))


def _tally(report: Report) -> str:
    said = [f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in report.counts.items() if n]
    return ", ".join(said) or "no findings"


def _explain(code: str) -> None:
    from civgen.errors import not_found
    from civgen.lint.registry import all_rules

    rules = all_rules()
    rule = rules.get(code.upper())
    if rule is None:
        raise not_found("rule", code, rules)
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
