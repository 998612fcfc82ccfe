"""`civgen doctor`: what works here, what does not, and the command that mends it."""

from __future__ import annotations

from typing import Annotated

import typer

from civgen.cli.answers import answers
from civgen.cli.following import places
from civgen.cli.output import emit
from civgen.cli.state import state
from civgen.errors import AnswerIsNo
from civgen.results.doctor import Checkup, DoctorFinding

app = typer.Typer()

CheckOption = Annotated[bool, typer.Option("--check", help="Exit with 7 when something is broken.")]


@app.command()
@answers(Checkup, {7: "with --check: something is broken"})
def doctor(check: CheckOption = False) -> None:
    """Look at Python, workspace, credentials, connections and versions; say what mends what is broken.

    Each finding is ok, note (works, but should be known) or broken. Nothing is
    written, submitted or paid for, and no secret is shown. A service is waited
    for a few seconds at most.
    """
    from civgen.cli.doctor.drawn import draw
    from civgen.cli.doctor.examination import examine, worst
    from civgen.cli.doctor.scene import scene_of

    scene = scene_of(state())
    findings = [_placed(one) for one in examine(scene)]
    found: Checkup = {
        "environment": scene.environment.name if scene.environment else None,
        "workspace": str(scene.root) if scene.root else None,
        "verdict": worst(findings),
        "findings": findings,
    }
    emit(found, lambda: draw(found))
    wrong = [one for one in findings if one["state"] == "broken"]
    if check and wrong:
        names = ", ".join(dict.fromkeys(one["check"] for one in wrong))
        raise AnswerIsNo(f"Broken: {names}.", hint=_first_step(wrong))


def _first_step(wrong: list[DoctorFinding]) -> str:
    do = next((one["do"] for one in wrong if one["do"]), None)
    step = f"Begin with `{do}`." if do else str(wrong[0]["hint"])
    return step if do and do.startswith("civgen ") else f"{step} Then look again with `civgen doctor`."


def _placed(found: DoctorFinding) -> DoctorFinding:
    """The finding with a command that finds this environment and workspace, too."""
    do = found["do"]
    if do is None or not do.startswith("civgen ") or do.startswith("civgen init"):
        return found
    return {**found, "do": " ".join([do, *places(do.split())])}
