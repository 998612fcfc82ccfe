"""At a terminal, what cannot be inferred is asked, with a default and its reason; elsewhere nothing is."""

import os
import pty
import subprocess
import sys

import pytest

from civgen.catalog import Catalog


def at_a_terminal(folder, words, typed):
    """What a terminal shows when someone types these lines."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "civgen", *words], cwd=folder, stdin=side, stdout=side, stderr=side
    )
    os.close(side)
    os.write(main, "".join(f"{line}\n" for line in typed).encode())
    shown = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the last one has closed it
            break
        if not part:
            break
        shown += part
    os.close(main)
    return process.wait(), shown.decode()


def test_a_base_model_is_made_of_answers_and_defaults(house):
    typed = ["SDXL Zeta", "", "", "90000001", "80000001"]
    code, shown = at_a_terminal(house, ["add-base-model"], typed)
    assert code == 0, shown
    assert "[SDXL: the name begins with that of SDXL]" in shown
    assert "would a LoRA of an existing one work on every model of it" in shown
    assert f"that of {Catalog().ecosystem('SDXL').base_models[0].name}, of SDXL" in shown
    assert shown.index("Licence") < shown.index("the engine text-to-image names the checkpoint by its AIR")
    assert Catalog(house).ecosystem("SDXL").base_models[-1].name == "SDXL Zeta"


def test_what_is_refused_is_asked_again_with_what_was_meant(house):
    words = [
        "add-ecosystem",
        "Lights",
        "--license",
        "Apach 2.0",
        "--checkpoint",
        "90000001",
        "--model-id",
        "1",
    ]
    code, shown = at_a_terminal(house, words, ["", ""])
    assert code == 0, shown
    assert "[none: LoRAs seldom fit weights of another architecture]" in shown
    assert "[Apache 2.0: the same but for the spelling]" in shown
    assert Catalog(house).ecosystem("Lights").base_models[0].license == "Apache 2.0"


def test_a_name_that_is_only_like_another_is_no_default(house):
    words = [
        "add-ecosystem",
        "Lights",
        "--license",
        "Nolicense",
        "--checkpoint",
        "90000001",
        "--model-id",
        "1",
    ]
    _, shown = at_a_terminal(house, words, ["", "MIT"])
    assert "NoobAI" not in shown
    assert Catalog(house).ecosystem("Lights").base_models[0].license == "MIT"


def test_an_ecosystem_whose_loras_fit_is_the_answer(house):
    words = ["add-ecosystem", "Lights", "--license", "MIT", "--checkpoint", "90000001", "--model-id", "1"]
    code, shown = at_a_terminal(house, words, ["SDXL", "none"])
    assert "civgen add-base-model 'Lights' --ecosystem SDXL" in shown
    assert code == 0 and (house / "ecosystems/Lights.toml").exists()


def test_a_version_is_asked_for_its_number_and_name(house):
    code, shown = at_a_terminal(house, ["add-version", "SDXL", "--model-id", "7"], ["90000001", ""])
    assert code == 0, shown
    version = Catalog(house).ecosystem("SDXL").versions[-1]
    assert (version.id, version.label) == (90000001, f"v{len(Catalog().ecosystem('SDXL').versions) + 1}")


def test_nothing_is_asked_that_was_said(house):
    words = ["add-license", "Lights Licence"]
    code, shown = at_a_terminal(house, words, [])
    assert code == 0 and "(" not in shown.partition("Next:")[0]


@pytest.mark.parametrize(
    "command", ["add-base-model", "add-version", "add-ecosystem", "add-engine", "add-license"]
)
def test_without_a_terminal_nothing_is_asked(run, house, command):
    done = run(command, "--json", stdin="x\n" * 20)
    assert done.code == 2 and done.json["error"]["details"][0]["hint"].startswith("Pass ")


def test_like_another_it_begins_with_its_form_and_answers(run, house):
    done = run("add-ecosystem", "Lights", "--like", "chroma", "--checkpoint", "90000001", "--model-id", "1")
    assert done.code == 0, done.stderr
    made, like = Catalog(house).ecosystem("Lights"), Catalog().ecosystem("Chroma")
    assert (made.form, made.support, made.engine) == (like.form, like.support, like.engine)
    assert (made.base_models[0].license, made.id) == (like.base_models[0].license, 10001)
    assert run("lint").code == 0
    assert run("add-license", "X", "--like", "SDXL").code == 2
    assert run("add-ecosystem", "Y", "--like", "Chromaa", "--checkpoint", "1").code == 4
