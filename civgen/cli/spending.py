"""Consent to spend: who must give it, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from civgen.cli.output import confirm, is_interactive, note
from civgen.cli.state import state
from civgen.errors import Refused


@dataclass
class SpendingOptions:
    """What may be spent, and by whose leave."""

    max_cost: Annotated[
        float | None,
        typer.Option(
            "--max-cost", metavar="BUZZ", min=0, help="Refuse what costs more, or has an unknown price."
        ),
    ] = None
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help="Consent to spend up to --max-cost, without being asked."),
    ] = False

    def agree(self, what: str, total: float | None, currencies: str = "") -> None:
        """Make sure that a price may be paid; in the sandbox nothing is.

        Args:
            what: is to be paid for.
            total: in Buzz; None when it is not known.
            currencies: of what colour, in words.

        Raises:
            Refused: it is above the cap, or nobody consented.
        """
        shown = "an unknown amount of Buzz" if total is None else f"{total:.12g} Buzz"
        is_sandbox = state().environment.is_sandbox
        charged = ", in the sandbox, where nothing is charged" if is_sandbox else currencies
        note(f"{what} costs {shown}{charged}.")
        if total is None:
            self._refuse_unknown()
        elif self.max_cost is not None and total > self.max_cost:
            raise Refused(
                f"The price is {total:.12g} Buzz, and --max-cost allows {self.max_cost:.12g}.",
                hint="Nothing was sent. Raise --max-cost, or ask for less.",
                data={"price": total, "maxCost": self.max_cost},
            )
        self.consent(f"Submit for {shown}?")

    def consenting(self, total: float | None) -> tuple[str, ...] | None:
        """The options, besides those given, with which a price is paid; None when it would be refused.

        One that is not known is paid without --max-cost alone.
        """
        is_sandbox = state().environment.is_sandbox
        if total is None:  # which no limit allows, so that it takes a person where it is real money
            return () if is_sandbox or is_interactive() else None
        if self.max_cost is not None and total > self.max_cost:
            return None
        cap = () if self.max_cost is not None else ("--max-cost", f"{total:.12g}")
        return cap if self.yes or is_sandbox else (*cap, "--yes")

    def _refuse_unknown(self) -> None:
        """Refuse a price that is not known, unless nothing is charged or a person is there to agree to it.

        No limit can be held against it, so that what answers for --max-cost cannot help here.
        """
        hint = f"Nothing was sent. {_way_to_agree()}"
        if self.max_cost is not None:
            raise Refused(
                f"The price is not known, so it cannot be held against --max-cost {self.max_cost:.12g}.",
                hint=hint,
                data={"price": None, "maxCost": self.max_cost},
            )
        if not state().environment.is_sandbox and not is_interactive():
            raise Refused(
                "The price is not known. Nobody is here to agree to that, and this is real money.", hint=hint
            )

    def consent(self, question: str) -> None:
        """Ask, unless there is no money in it, or the options have answered.

        Raises:
            Refused: the answer is no, or nobody is there to give one and --yes and --max-cost do not.
        """
        if state().environment.is_sandbox:
            return
        if is_interactive():
            # --yes says that one agrees, not to how much: that only --max-cost does, or the person here.
            if not self.yes or self.max_cost is None:
                confirm(question)
            return
        flags = {"--yes": self.yes, "--max-cost BUZZ": self.max_cost is not None}
        if missing := [flag for flag, given in flags.items() if not given]:
            raise Refused(
                f"{question} Nobody is here to answer, and this is real money.",
                hint=f"Nothing was sent. Pass {' and '.join(missing)}: consent, and the most it may cost.",
            )


def _way_to_agree() -> str:
    """How a price that is not known can be agreed to from here."""
    if state().environment.is_sandbox:
        return "Leave --max-cost out: in the sandbox nothing is charged."
    if is_interactive():
        return "Leave --max-cost out, and you are asked instead."
    return "Only a person can agree to an unknown price: run it at a terminal, without --max-cost and --json."
