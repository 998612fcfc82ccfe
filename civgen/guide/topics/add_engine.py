"""An engine that the orchestrator has and the platform does not."""

from __future__ import annotations

from civgen.guide.steps import REQUEST, TAKEN_BACK, carry_on
from civgen.guide.topic import Question, Step, Topic

_ADD = (
    "civgen add-engine krea-2 --media image --wire comfy --set ecosystem=krea2 --set model=turbo --set "
    'operation=createImage --ecosystem Krea2 --name "Krea 2" --license "Apache 2.0" --version-id 9000201 '
    "--model-id 9000200"
)

TOPIC = Topic(
    subject="engine",
    title="Add an engine",
    when="A model runs behind a step of the orchestrator that no engine of civgen builds yet.",
    example="The example adds the engine krea-2 from the contract, with the ecosystem Krea2 that uses it.",
    questions=(
        Question(
            "Does the orchestrator have it?",
            "The contract says. `civgen contract pull` takes over a newer document, `civgen contract diff` "
            "tells what came. What is not in the contract cannot be added.",
        ),
        Question(
            "What is it called there, and by which discriminators?",
            "Ask for too little: `civgen add-engine KEY --media image --wire comfy --dry-run` is refused "
            "with every choice that there is. One engine has all operations of a model, so `operation` need "
            "not be said.",
            "--set",
        ),
        Question(
            "What does it make?",
            "Image or video; to be said only where the contract has an engine of that name for each.",
            "--media",
        ),
        Question("How shall ecosystems name it?", "Lower case, as the maker spells it.", "KEY", "engines"),
        Question(
            "Which workflow keys?",
            "By default all that its operations carry out, told by their names and by the media they take: "
            "`text-to-video` gives txt2vid, an image that may be left out both txt2img and img2img:edit.",
            "--workflow",
            "workflows",
        ),
        Question(
            "Which ecosystem uses it, under which licence, with which model version?",
            "As for a base model: `civgen guide add-base-model`.",
            "--ecosystem",
        ),
        Question(
            "What does it cost?",
            "The published price list, with its date. Without one the price is unknown, which civgen says; "
            "it never guesses.",
        ),
    ),
    files=(
        (
            "engines/image/krea_2.py",
            "its form and the steps it builds, as the contract has them; TODO marks what a person must "
            "decide",
        ),
        ("ecosystems/Krea2.toml", "the ecosystem that uses it"),
        ("tests/test_krea_2.py", "what it builds, and what it refuses"),
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
            "Every property of the contract is a field, a constant, or named in the docstring as left out. "
            f"{TAKEN_BACK}",
            ("known",),
        ),
        Step(
            "Decide what the contract cannot",
            ("civgen show krea-2",),
            "Go through the TODOs of the module: labels, which fields to show, ranges narrower than the "
            "contract's, and `price` from published figures with their source.",
            ("decided",),
        ),
        *carry_on("Krea2", f"--ecosystem Krea2 {REQUEST}"),
    ),
    wrong=("CIV301", "CIV302", "CIV501", "CIV303", "CIV202", "CIV204", "CIV401", "CIV404"),
    ends="A priced dry run; where the price is not published it says unknown, and only the orchestrator "
    "can tell.",
    journey=True,
)
