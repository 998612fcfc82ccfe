"""What `civgen doctor` answers."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from civgen.results.error import Place

Health = Literal["ok", "note", "broken"]


class DoctorFinding(TypedDict):
    """One thing that was looked at.

    Attributes:
        check: What looked at it, for instance workspace or database.
        state: ok, note where it works but should be known, or broken.
        what: What was found, in words. No secret is ever in it.
        hint: What would mend it, in words, where no command alone can; null when there is nothing to say.
        do: The command that mends it; null when nothing needs mending or no command can.
        where: The place that is to be mended, in a file; null when it is none.
    """

    check: str
    state: Health
    what: str
    hint: str | None
    do: str | None
    where: Place | None


class Checkup(TypedDict):
    """How civgen is doing here.

    Attributes:
        environment: Name of the environment that was looked at; null when it could not be told.
        workspace: Its folder; null when there is none.
        verdict: The worst state of all findings.
        findings: All that was looked at, in the order in which to mend it.
    """

    environment: str | None
    workspace: str | None
    verdict: Health
    findings: list[DoctorFinding]
