"""A licence, which base models name."""

from __future__ import annotations

from civgen.guide.topic import Question, Step, Topic

TOPIC = Topic(
    subject="licence",
    title="Add a licence",
    when="A base model is published under terms that `civgen list licenses` does not have.",
    example='The example looks at how the licence "Apache 2.0" stands in the catalogue.',
    questions=(
        Question(
            "Is it really another licence?",
            "`civgen list licenses`: another version, or another maker's terms, is another licence; "
            "another spelling is not.",
            None,
            "licenses",
        ),
        Question(
            "How is it called, and where does its text stand?",
            "The licence file beside the weights: `name`, `url`.",
        ),
        Question("Does it forbid commercial use?", "`non_commercial = true`: people are told so."),
        Question("Does it forbid mature content?", "`disable_mature = true`: such requests are refused."),
        Question("Must the result carry a notice, or say whose work it is?", "`notice` and `powered_by`."),
    ),
    files=(("licenses/NAME.toml", "`id`, `name`, `url` and the terms, called after the name"),),
    steps=(
        Step(
            "Look at one like it",
            ('civgen show "Apache 2.0"',),
            "The same keys stand in a file of your own: `licenses/NAME.toml` in the workspace.",
            ("known",),
        ),
        Step(
            "Check it",
            ("civgen lint --select CIV001,CIV101,CIV102,CIV106,CIV108,CIV405",),
            "No findings. CIV108 waits until a base model names it.",
            ("used",),
        ),
        Step(
            "Look at what follows",
            ("civgen list base-models",),
            "The base models that name it, and are held to its terms from now on.",
        ),
    ),
    wrong=("CIV108", "CIV405", "CIV106", "CIV101"),
    ends="A base model under it, and its priced dry run: `civgen guide add-base-model`.",
)
