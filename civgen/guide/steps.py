"""The steps that most topics share: from a file that was written to a priced dry run."""

from __future__ import annotations

from civgen.guide.topic import Step

#: The request of all examples.
REQUEST = '--prompt "a red fox in the snow"'

TAKEN_BACK = "`--undo` takes it back, unless an edit would be lost."


def carry_on(ecosystem: str, request: str) -> tuple[Step, ...]:
    """Check, look, rows, index, price.

    Args:
        ecosystem: key of the ecosystem of the example.
        request: options of a request for what was added.
    """
    return (
        Step(
            "Check it",
            ("civgen lint", "python -m pytest -q tests"),
            "No errors and no warnings; every finding names file and line, and `civgen lint --explain "
            "CODE` says why there is such a rule.",
            ("agrees", "clean", "tested"),
        ),
        Step(
            "Look at it",
            (f"civgen form show --ecosystem {ecosystem}", f"civgen preview {request}"),
            "The form offers what the model can do and no more: ranges, sizes and defaults are those of "
            "its documentation. The payload names the right model version.",
            ("generates", "identified", "licensed"),
        ),
        Step(
            "Make the rows",
            ("civgen db plan", "civgen db apply --yes"),
            "Only rows that belong to the addition, none deleted, and no warning. Without `--yes` it asks "
            "at a terminal.",
            ("covered",),
        ),
        Step(
            "Make it found",
            ("civgen search plan", "civgen search sync"),
            "The model's document is missing before, and the plan is empty afterwards.",
            ("indexed",),
        ),
        Step(
            "Price it",
            (f"civgen submit --dry-run {request}",),
            "The price, what it is made of, and what was not checked. Nothing runs and nothing is spent.",
            ("priced",),
        ),
    )
