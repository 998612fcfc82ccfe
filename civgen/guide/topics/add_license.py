"""A licence, which base models name."""

from __future__ import annotations

from civgen.guide.steps import TAKEN_BACK
from civgen.guide.topic import Question, Step, Topic

_ADD = 'civgen add-license "Lumen Licence 1.0" --url https://example.com/lumen-licence.txt --non-commercial'
_USE = (
    'civgen add-base-model "Lumen 1" --ecosystem Lumen --parent ZImageTurbo --license "Lumen Licence 1.0" '
    "--checkpoint 9000501 --model-id 9000500"
)

TOPIC = Topic(
    subject="licence",
    title="Add a licence",
    when="A base model is published under terms that `civgen list licenses` does not have.",
    example="The example adds the Lumen Licence 1.0, which forbids commercial use, and a base model under "
    "it.",
    questions=(
        Question(
            "Is it really another licence?",
            "`civgen list licenses`: another version, or another maker's terms, is another licence; another "
            "spelling is not. A name or an address that is almost another's must be meant: `--distinct`.",
            None,
            "licenses",
        ),
        Question("How is it called, to the letter?", "The licence file beside the weights.", "NAME"),
        Question("Where does its text stand?", "An address that will still be there.", "--url"),
        Question("Does it forbid commercial use?", "People are told so.", "--non-commercial"),
        Question("Does it forbid mature content?", "Such requests are then refused.", "--disable-mature"),
        Question("Must a notice go with the result?", "The text says how.", "--notice"),
        Question("Must the result say whose model made it?", "'Powered by …', in its words.", "--powered-by"),
    ),
    files=(("licenses/lumen-licence-1.0.toml", "`id`, `name`, `url` and the terms, called after the name"),),
    steps=(
        Step(
            "Write it",
            (f"{_ADD} --dry-run", _ADD),
            f"One file. {TAKEN_BACK}",
            ("known",),
        ),
        Step(
            "Name it",
            (_USE, 'civgen show "Lumen Licence 1.0"'),
            "A base model is held to its terms from now on; until one names it, lint warns (CIV108).",
            ("used",),
        ),
        Step(
            "Check it",
            ("civgen lint", "python -m pytest -q tests"),
            "No errors and no warnings.",
        ),
        Step(
            "Look at what follows",
            ('civgen submit --dry-run --ecosystem Lumen --prompt "a red fox in the snow"',),
            "What the licence forbids is refused here, and what it asks for is said.",
        ),
    ),
    wrong=("CIV108", "CIV405", "CIV106", "CIV101"),
    ends="A priced dry run of a base model under it; the rest of that way is `civgen guide add-base-model`.",
)
