"""A model version of an ecosystem that there is."""

from __future__ import annotations

from civgen.guide.steps import REQUEST, TAKEN_BACK, carry_on
from civgen.guide.topic import Question, Step, Topic

_ADD = "civgen add-version Seedream --id 9000301 --label v9 --model-id 9000300 --engine-option version=v4.5"

TOPIC = Topic(
    subject="version",
    title="Add a version",
    when="An ecosystem that there is gets a newer or another model version; its resources still fit.",
    example="The example gives Seedream a version v9 (9000301), which the engine is told to run as its v4.5.",
    questions=(
        Question(
            "Do the LoRAs of the older version still work on it?",
            "If not, it is another base model, often of a child: `civgen guide add-base-model`.",
        ),
        Question(
            "Which ecosystem, and which of its base models?",
            "By key, name or one of its base models; `civgen show NAME` tells what it has.",
            "ECOSYSTEM",
        ),
        Question(
            "Which model version, and of which model?",
            "Both numbers stand in the address of the model's page.",
            "--id",
        ),
        Question(
            "What do people call it?", "The label of the button: short, and unlike its siblings'.", "--label"
        ),
        Question(
            "What must the engine know of it?",
            "What its siblings say: `civgen show` has it under versions. A version of which the engine "
            "knows nothing would quietly run as another one, so an unknown value is refused.",
            "--engine-option",
        ),
        Question(
            "Can it do everything that its siblings can?",
            "Its documentation; say only what it serves where that is less.",
            "--workflow",
            "workflows",
        ),
        Question(
            "Which rows make it generatable?",
            "An API's model: `external`. The platform's own choice: `ecosystem-checkpoint`, which is the "
            "default. A file under a community licence: `covered-checkpoint`.",
            "--coverage",
        ),
    ),
    files=(
        (
            "ecosystems/Seedream.toml",
            "one `[[versions]]` table; a built-in ecosystem gets a file laid over it",
        ),
    ),
    rows=(
        ("Model", "the model that the version belongs to"),
        ("ModelVersion", "the version, with its base model"),
        ("EcosystemCheckpoints", "that it may generate"),
    ),
    steps=(
        Step(
            "Write it",
            (f"{_ADD} --dry-run", _ADD),
            "One table more in one file. A value that the engine does not know is refused with those that it "
            f"does. {TAKEN_BACK}",
            ("known",),
        ),
        *carry_on("Seedream", f"--ecosystem Seedream --model 9000301 {REQUEST}"),
    ),
    wrong=("CIV403", "CIV101", "CIV301", "CIV202", "CIV302", "CIV105", "CIV207"),
    ends="A priced dry run that names the new version.",
    journey=True,
)
