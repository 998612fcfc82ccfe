"""An ecosystem: a root, or a child of one that there is."""

from __future__ import annotations

from civgen.guide.steps import REQUEST, TAKEN_BACK, carry_on
from civgen.guide.topic import Question, Step, Topic

_ADD = (
    'civgen add-ecosystem Aurora --base-model "Aurora 1.0" --media image --engine text-to-image '
    '--workflow txt2img --air aurora --license "Apache 2.0" --checkpoint 9000401 --model-id 9000400'
)

TOPIC = Topic(
    subject="ecosystem",
    title="Add an ecosystem",
    when="Weights came out whose LoRAs fit no model that there is, or that fit the models of one "
    "ecosystem in part.",
    example="The example adds Aurora, a root of its own that the engine z-image runs, with its "
    "first base model.",
    questions=(
        Question(
            "Would a LoRA of one work on every model of the other?",
            "Yes, both ways: it needs no ecosystem of its own. One way, or only partly: a child with "
            "`--parent`; what it takes of its parent stands under `accepts`. No: a root. At a terminal the "
            "command asks this; `--shares-loras-with` answers it.",
            "--parent",
        ),
        Question(
            "Is the difference one of weights, or only of a name?",
            "A key names a family of weights, not a maker: two models of one maker that share no LoRA are "
            "two ecosystems.",
            "KEY",
        ),
        Question(
            "How do its AIRs begin?",
            "`urn:air:SEGMENT:…`, lower case, no blanks. A child has its root's.",
            "--air",
        ),
        Question(
            "What is like it?",
            "`--like ECOSYSTEM` begins with the answers of that one.",
            "--like",
        ),
        Question(
            "Which is its first base model, under which licence, with which model version?",
            "As for a base model: `civgen guide add-base-model`.",
            "--license",
            "licenses",
        ),
        Question("Which engine runs it?", "A child takes its parent's.", "--engine", "engines"),
        Question("What can it do?", "A child takes its parent's.", "--workflow", "workflows"),
        Question(
            "Which resources does it take?",
            "`[support]` of its file: checkpoints of the community, LoRAs, VAEs. An API's model takes none.",
        ),
        Question(
            "Which sizes, steps and samplers is it made for?",
            "The model's documentation; `[form.…]` of its file narrows the engine's form. `civgen list "
            "sizes` and `civgen list samplers` show what may be named.",
        ),
        Question("Who makes it?", "Only for grouping.", "--family", "families"),
    ),
    files=(
        ("ecosystems/Aurora.toml", "all of it: identity, base models, support, versions, form"),
        ("tests/", "what it is asked for becomes payloads that the contract takes"),
    ),
    rows=(
        ("GenerationBaseModel", "that community checkpoints of its base models may generate"),
        ("EcosystemCheckpoints", "that the platform's own version may generate"),
        ("Model", "the model of that version"),
        ("ModelVersion", "that version"),
    ),
    steps=(
        Step(
            "Hold it against its neighbours",
            ("civgen list ecosystems --workflow txt2img", "civgen form show --ecosystem Chroma"),
            "Which ecosystem is the most like it: its file is the one to begin from.",
        ),
        Step(
            "Write it",
            (f"{_ADD} --dry-run", _ADD),
            "One new file. Ids are the next free ones; `--id` and `--base-model-id` choose others, which "
            "matters "
            f"where several people add at once. {TAKEN_BACK}",
            ("known",),
        ),
        *carry_on("Aurora", f"--ecosystem Aurora {REQUEST}"),
    ),
    wrong=("CIV101", "CIV106", "CIV102", "CIV402", "CIV404", "CIV409", "CIV208", "CIV204", "CIV105"),
    ends="A priced dry run of its first base model; where no price is published, as for text-to-image, it "
    "says unknown, and only the orchestrator can tell.",
)
