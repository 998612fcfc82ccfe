"""A lint rule: something that must agree, and is checked from now on."""

from __future__ import annotations

from civgen.guide.topic import Question, Step, Topic

TOPIC = Topic(
    subject="lint rule",
    title="Add a lint rule",
    when="Something went wrong twice that a look at the files could have told.",
    example="The example looks at CIV405, which finds base models that name no licence.",
    in_workspace=False,
    questions=(
        Question("What must hold, in one sentence?", "It becomes the first line of the rule's docstring."),
        Question("What happens otherwise?", "It becomes its `Why:`."),
        Question(
            "Is there a rule that could say it?",
            "`civgen lint --list-rules`; the first digit of a code is the group it belongs to.",
        ),
        Question(
            "Does it need engines to be run?",
            'Then `needs = "engines"`, and under `--no-exec` it sees only civgen\'s own.',
        ),
        Question(
            "Error, warning or notice?",
            "Error: a request comes out wrong, or nothing can be done. Warning: somebody must look. "
            "Notice: good to know.",
        ),
    ),
    files=(("civgen/lint/rules/NAME.py", "one class with code, name and docstring, called after its name"),),
    steps=(
        Step(
            "Look at one like it",
            ("civgen lint --list-rules", "civgen lint --explain CIV405"),
            "A line that says what holds, `Why:`, and the examples `Bad:` and `Good:`. `civgen "
            "add-lint-rule NAME "
            "--on ecosystem --field KEY --why TEXT` writes a rule for a key that must be said, which "
            "works as it is and "
            "can be changed into another.",
            ("known",),
        ),
        Step(
            "Run it over everything that is built in",
            ("civgen lint --select CIV405 --statistics",),
            "No findings, or each of them is a mistake that you put right in the same change.",
            ("quiet",),
        ),
    ),
    wrong=("CIV002", "CIV003"),
    ends="`python -m pytest tests/lint -k CIV405` in the checkout: its Bad example is found, its Good one "
    "is not.",
)
