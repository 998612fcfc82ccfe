"""What a check found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from civgen.errors import CivgenError, Where, commands_in
from civgen.results.doctor import DoctorFinding, Health

if TYPE_CHECKING:
    from civgen.tokens import Token


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: in words, never with a secret.
        do: the command that mends it.
        hint: what mends it, in words, where no command alone can.
    """

    state: Health
    what: str
    do: str | None = None
    hint: str | None = None
    where: Where | None = None

    def as_json(self, check: str) -> DoctorFinding:
        """The finding as the document of `civgen doctor` has it."""
        place = asdict(self.where) if self.where else None
        return {"check": check, "state": self.state, "what": self.what, "hint": self.hint, "do": self.do,
                "where": place}  # type: ignore[typeddict-item]  # fmt: skip


def ok(what: str) -> Finding:
    """It is as it should be."""
    return Finding("ok", what)


def note(what: str, do: str | None = None, hint: str | None = None) -> Finding:
    """It works, and should be known."""
    return Finding("note", what, do, hint)


def broken(what: str, do: str | None = None, hint: str | None = None, where: Where | None = None) -> Finding:
    """It does not work."""
    return Finding("broken", what, do, hint, where)


def refused(what: str, found: Token | None, keep: str, where: Where | None = None) -> Finding:
    """Somebody does not take a secret.

    Args:
        found: the secret, and where it came from.
        keep: the command that keeps another.
    """
    if found is None or found.source != "variable":
        return broken(what, keep, where=where)
    hint = f"A variable wins over what is kept. Without it: {keep}"
    return broken(f"{what} It came from {found.place}.", f"unset {found.place}", hint, where)


def from_error(error: Exception, where: Where | None = None, do: str | None = None) -> Iterator[Finding]:
    """What an error says, a finding a problem.

    Args:
        where: the place to mend, where the error names none.
        do: the command that mends it, where the error's hint names none.
    """
    if not isinstance(error, CivgenError):
        yield _stumbled(error, where, do)
    elif len(error.details) < 2:
        yield _broken(error.message, error.hint, error.where or where, do)
    else:
        for one in error.details:
            what = f"{one.field} {one.message}." if one.field else one.message
            yield _broken(what, one.hint or error.hint, one.where or error.where or where, do)


def _stumbled(error: Exception, where: Where | None, do: str | None) -> Finding:
    """What is no error of civgen's: a file or folder, else a bug."""
    if isinstance(error, OSError):
        what = f"{error.filename or 'A file or folder'} cannot be used: {error.strerror or error}."
        return broken(what, do, "Is it there, and may it be read?", where)
    return broken(
        f"{type(error).__name__}: {error}", do, "This is a bug of civgen: report it, please.", where
    )


def _broken(what: str, hint: str | None, where: Where | None, do: str | None) -> Finding:
    do = next(iter(commands_in(hint or "")), do)
    there = f"Mend it in {where.file}." if where and where.file and not do else None
    return broken(what, do, hint or there, where)
