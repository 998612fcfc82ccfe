"""What a request costs by published prices: known where published, unknown where not, never nothing."""

import json

import pytest

VEO = ["price", "-e", "Veo3", "--set", "generateAudio=true"]


def test_a_request_is_priced_with_its_parts_and_needs_no_prompt(run, workspace):
    found = run(*VEO, "--set", "duration=8", "--json").json
    assert found == {
        "total": 2000, "base": 3333, "factors": {"mode": 0.6}, "fixed": {}, "known": True,
        "assumed": ["prompt"],
        "next": [
            f"civgen submit --dry-run {' '.join(VEO[1:])} --set duration=8 --prompt 'a red fox in the snow'"
        ],
    }  # fmt: skip
    assert "2000 Buzz" in run(*VEO).stdout


def test_what_has_no_published_price_is_unknown(run):
    found = run("price", "-e", "SDXL", "--json").json
    assert (found["total"], found["known"], found["unpriced"]) == (None, False, ["textToImage"])
    said = run("price", "-e", "SDXL")
    assert "unknown" in said.stdout and " 0 " not in said.stdout


def test_a_medium_that_is_not_given_is_stood_in_for_and_that_is_said(run):
    done = run("price", "-e", "Veo3", "-w", "img2vid")
    assert done.code == 0 and "images" in done.stderr
    assert run("price", "-e", "Veo3", "--set", "duration=5", "--json").code == 2


def test_a_batch_takes_requests_and_steps_of_the_wire(run):
    upscale = {"$type": "imageUpscaler", "input": {"image": "https://a.b/c.png"}}
    lines = [
        {"id": 1, "request": {"ecosystem": "Veo3", "prompt": "x", "generateAudio": True}},
        {"id": 2, "step": {"$type": "videoGen", "input": {"engine": "vidu"}}},
        {"id": 3, "step": upscale},
        {"id": 4, "step": upscale | {"source": {"width": 2048, "height": 2048}}},
        {"id": 5, "step": {"input": {}}},
        {
            "id": 6,
            "step": {"$type": "imageGen", "input": {"engine": "sdcpp", "ecosystem": "sd1", "width": "x"}},
        },
        {"id": 7, "step": {"$type": "noSuchStep", "input": {}}},
    ]
    done = run("price", "--batch", "-", stdin="\n".join(map(json.dumps, lines)))
    assert done.code == 9
    assert [line.get("total", "refused") for line in done.lines] == [
        2000, 600, None, 10, "refused", "refused", None,
    ]  # fmt: skip
    assert {"total", "base", "factors", "fixed", "known"} <= done.lines[0].keys()


def test_a_matrix_prices_every_combination_that_is_offered(run):
    done = run("price", "-e", "Veo3", "--matrix", "model,duration", "--json").json
    assert done["axes"] == ["model", "duration"]
    totals = {(cell["values"]["model"], cell["values"]["duration"]): cell["total"] for cell in done["cells"]}
    assert totals[1995399, 4] == 667 and totals[1885367, 8] == 2233
    assert len(totals) == 6


def test_a_matrix_is_a_table_and_a_chart(run):
    words = ("price", "-e", "Seedance", "--matrix", "duration=4/10,resolution")
    lines = run(*words).stdout.splitlines()
    assert any(line.split()[:2] == ["duration", "\\"] and "720p" in line for line in lines)
    chart = run(*words, "--chart").stdout.splitlines()
    bars = {tuple(line.split()[:2]): line.count("█") for line in chart if "█" in line}
    assert bars["10", "720p"] == max(bars.values()) > bars["4", "480p"] > 0


def test_a_number_is_gone_through_step_by_step_or_by_ends_and_default(run):
    few = run("price", "-e", "Seedance", "--matrix", "duration", "--json").json["cells"]
    assert len(few) >= 2
    many = run("price", "-e", "ZImageBase", "--matrix", "steps", "--json").json["cells"]
    assert [cell["values"]["steps"] for cell in many] == [1, 20, 50]
    assert [cell["total"] for cell in many] == [1, 20, 50]


def test_combinations_that_a_form_refuses_say_so_and_hide_no_others(run):
    done = run("price", "-e", "Veo3", "--matrix", "duration=5/8")
    assert "refused" in done.stdout and "1333" in done.stdout and "duration" in done.stderr


def test_a_field_that_some_combinations_lack_is_left_out_there(run):
    cells = run("price", "-e", "Kling", "--matrix", "workflow,mode", "--json").json["cells"]
    assert {cell["values"]["workflow"] for cell in cells} >= {"txt2vid", "img2vid", "img2vid:ref2vid"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-e", "Veo3", "--matrix", "duraton"], "Did you mean duration?"),
        (["-e", "Veo3", "--matrix", "negativePrompt"], "negativePrompt=A/B"),
        (["-e", "Veo3", "--matrix", ","], "names no field"),
        (["-e", "Veo3", "--chart"], "--matrix"),
        (["--batch", "-", "--matrix", "duration"], "--batch"),
        (["--matrix", "ecosystem,workflow,model,quantity,seed=1/2/3/4/5/6/7/8/9"], "combinations"),
    ],
)
def test_what_cannot_be_priced_is_refused_with_what_to_do(run, words, said):
    done = run("price", *words, "--json")
    assert done.code == 2
    error = done.json["error"]
    assert said in error["message"] + str(error["hint"])
