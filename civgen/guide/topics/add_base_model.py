"""A base model, with its ecosystem where it has none yet."""

from __future__ import annotations

from civgen.guide.steps import REQUEST, TAKEN_BACK, carry_on
from civgen.guide.topic import Question, Step, Topic

_ADD = (
    'civgen add-base-model "Nova Turbo" --ecosystem Nova --parent ZImageTurbo --license "Apache 2.0" '
    "--checkpoint 9000101 --model-id 9000100"
)

TOPIC = Topic(
    subject="base model",
    title="Add a base model",
    when="A model came out whose name is to stand on model versions, and nothing on the platform has it yet.",
    example="The example adds Nova Turbo, which descends from Z-Image Turbo, with model version 9000101.",
    questions=(
        Question(
            "Would a LoRA of it work on every model of an ecosystem that there is?",
            "Yes: it belongs to that ecosystem. Only some, or only partly: it is a child, say `--parent`. "
            "No: it is an ecosystem of its own. `civgen compat` tells what fits what today.",
            "--ecosystem",
        ),
        Question(
            "What is it called, to the letter?",
            "The publisher's page. `civgen list base-models` shows the names that are taken; a name that "
            "differs in case or punctuation only is refused.",
            "NAME",
        ),
        Question(
            "Under which licence?",
            "The licence file of the publisher, not a reseller's page. One that is missing is added first: "
            "`civgen guide add-license`.",
            "--license",
            "licenses",
        ),
        Question(
            "Which model version is it offered with, and of which model?",
            "Both numbers stand in the address of the model's page; its AIR needs both.",
            "--checkpoint",
        ),
        Question("Who makes it?", "Only for grouping; may be left out.", "--family", "families"),
        Question(
            "Which engine runs it?",
            "A child takes its parent's. An image model that workers run themselves is one of "
            "text-to-image; one behind an API has an engine of its own: `civgen guide add-engine`.",
            "--engine",
            "engines",
        ),
        Question(
            "What can it do?",
            "The model's own documentation. A child takes its parent's workflow keys.",
            "--workflow",
            "workflows",
        ),
    ),
    files=(
        ("ecosystems/Nova.toml", "everything that is known of it: written new, or one table more"),
        ("tests/", "what it is asked for becomes payloads that the contract takes"),
    ),
    rows=(
        ("Model", "the model that the version belongs to"),
        ("ModelVersion", "the version, with its base model"),
        ("EcosystemCheckpoints", "that the version is the platform's own choice: this makes it generatable"),
        ("GenerationBaseModel", "that community checkpoints of it may generate, where they may"),
    ),
    steps=(
        Step(
            "Write it",
            (f"{_ADD} --dry-run", _ADD),
            "The diff names what will be written, and the rows that will follow. The same command again "
            "changes "
            f"nothing. {TAKEN_BACK}",
            ("known",),
        ),
        *carry_on("Nova", f"--ecosystem Nova {REQUEST}"),
    ),
    wrong=("CIV405", "CIV106", "CIV101", "CIV402", "CIV404", "CIV105", "CIV202", "CIV301"),
    ends="A priced dry run of the new base model, and after that a job: `civgen submit … --wait`.",
    journey=True,
)
