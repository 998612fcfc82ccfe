"""Own jobs, asked of a real server: found, shown, watched, changed, brought home, reckoned up."""

import json

import pytest
from jobs_server import TOKEN, as_somebody_new, served

from civgen.engines.registry import Engines
from civgen.jobs.realised import by_engine, realised
from civgen.orchestrator.answers import Workflow


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """One server for all, since every test is another user of it."""
    with served(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture
def jobs(run, workspace, url, monkeypatch):
    """Run `civgen jobs … --env prod --json`, with a server that answers."""
    as_somebody_new(url, workspace, monkeypatch)

    def ask(*words, json=True):
        done = run("jobs", *words, "--env", "prod", *(["--json"] if json else []))
        assert TOKEN not in done.stdout + done.stderr
        return done

    return ask


@pytest.fixture
def submitted(run, jobs):
    """Submit and wait for the end: `submitted(prompt, **fields)` gives the id."""

    def submit(prompt="a red fox", ecosystem="ZImageTurbo", **fields):
        said = [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
        words = (
            "submit",
            "-e",
            ecosystem,
            "-p",
            prompt,
            "--env",
            "prod",
            "--yes",
            "--max-cost",
            "9999",
            "--json",
        )
        job = run(*words, *said).json["id"]
        jobs("watch", job)
        return job

    return submit


def ids(listing):
    return [job["id"] for job in listing["jobs"]]


def test_jobs_are_found_by_what_they_are(jobs, submitted):
    fox = submitted("a red fox")
    video = submitted("a lighthouse", "Veo3")
    failed = submitted("a red fox [sandbox:fail]")
    assert ids(jobs("list").json) == [failed, video, fox]
    assert ids(jobs("list", "--ecosystem", "Veo3").json) == [video]
    assert ids(jobs("list", "-w", "txt2img", "--status", "succeeded").json) == [fox]
    assert ids(jobs("list", "--status", "ended", "--since", "1h").json) == [failed, video, fox]
    assert ids(jobs("list", "--until", "2020-01-01").json) == []
    jobs("tag", fox, "+mine", "-txt2img")
    assert ids(jobs("list", "--tag", "mine").json) == [fox]
    assert ids(jobs("list", "--text", "lighthouse").json) == [video]
    said = jobs("list", json=False).stdout
    assert all(job in said for job in (fox, video, failed))


def test_a_listing_goes_on_where_it_left_off_whatever_is_filtered(jobs, submitted):
    made = [submitted(f"fox {n}" if n % 2 else f"fox {n} [sandbox:fail]") for n in range(7)]
    for words, wanted in (([], made), (["--status", "failed"], made[::2])):
        found, cursor = [], None
        while True:
            page = jobs("list", "--limit", "2", *words, *(["--cursor", cursor] if cursor else [])).json
            assert len(page["jobs"]) <= 2
            found += ids(page)
            if (cursor := page["cursor"]) is None:
                break
        assert found == wanted[::-1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["list", "--status", "done"], 2, "succeeded"),
        (["list", "--since", "yesterday"], 2, "24h"),
        (["list", "--ecosystem", "Veo"], 4, "Veo3"),
        (["list", "--max-level", "pg12"], 2, "pg13"),
        (["show", "nothing"], 4, "nothing"),
        (["watch", "nothing"], 4, "nothing"),
        (["download", "nothing", "--name", "{n}"], 2, "{id}"),
        (["download", "nothing", "--name", "../{id}{n}"], 2, "within the folder"),
        (["download", "nothing", "--name", "{id}{n}{model}"], 2, "model"),
        (["tag", "nothing", "favorite"], 2, "+favorite"),
        (["cancel", "nothing"], 8, "--yes"),
        (["delete", "nothing"], 8, "--yes"),
        (["unlock", "nothing"], 8, "--yes"),
        (["delete", "nothing", "--yes"], 4, "nothing"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(jobs, words, code, said):
    done = jobs(*words)
    assert done.code == code
    assert said in json.dumps(done.json, ensure_ascii=False)


def test_many_jobs_are_watched_at_once_and_what_changes_is_a_line(run, jobs, workspace):
    lines = [
        {"ecosystem": "Veo3", "prompt": f"fox {n}{' [sandbox:fail]' if n == 3 else ''}"} for n in range(20)
    ]
    words = ("submit", "-", "--env", "prod", "--yes", "--max-cost", "9999", "--json")
    made = [run(*words, stdin=json.dumps(line)).json["id"] for line in lines]
    done = jobs("watch", *made, json=False)
    assert done.code == 7 and "failed" in done.stderr
    seen = {}
    for line in done.lines:
        seen.setdefault(line["id"], []).append(line["status"])
    assert {statuses[-1] for job, statuses in seen.items() if job != made[3]} == {"succeeded"}
    assert seen.keys() == set(made) and seen[made[3]][-1] == "failed"
    whole = jobs("watch", *made)
    assert whole.json["data"]["jobs"][0]["id"] == made[0]
    partly = jobs("watch", made[0], "nothing")
    assert partly.code == 9


def test_what_is_cancelled_is_so_unless_it_had_ended(run, workspace, monkeypatch, tmp_path_factory):
    with served(tmp_path_factory.mktemp("slow"), "--speed", "0.1") as url:
        as_somebody_new(url, workspace, monkeypatch)
        words = ("submit", "-e", "Veo3", "-p", "x", "--env", "prod", "--yes", "--max-cost", "9999", "--json")
        job = run(*words).json["id"]
        cancel = ("jobs", "cancel", job, "--yes", "--env", "prod", "--json")
        assert run(*cancel).json == {"jobs": [{"id": job, "ok": True}]}
        assert run("jobs", "show", job, "--env", "prod", "--json").json["status"] == "canceled"
        assert run("jobs", "watch", job, "--env", "prod").code == 7


def test_what_is_deleted_or_tagged_is_so(jobs, submitted):
    first, second = submitted(), submitted()
    late = jobs("cancel", first, "--yes")
    assert late.code == 7 and "succeeded" in late.json["error"]["message"]
    assert jobs("delete", first, "nothing", "--yes").code == 9
    assert jobs("show", first).code == 4
    assert "favorite" in jobs("tag", second, "+favorite").json["tags"]
    assert "favorite" not in jobs("tag", second, "-favorite", "+a:b/c d").json["tags"]
    assert jobs("list", "--tag", "a:b/c d").json["jobs"][0]["id"] == second
    assert "a:b/c d" not in jobs("tag", second, "-a:b/c d").json["tags"]


def test_results_come_home_once_under_names_that_tell_what_they_are(jobs, submitted, workspace):
    job = submitted("A red fox: in the snow!", quantity=2, seed=7)
    files = jobs("download", job, "--out", "out").json["files"]
    assert [one["outcome"] for one in files] == ["downloaded"] * 2
    names = sorted(path.name for path in (workspace / "out").iterdir())
    assert all("ZImageTurbo-A-red-fox-in-the-snow" in name and job in name for name in names)
    assert {(workspace / one["file"]).stat().st_size for one in files} == {one["bytes"] for one in files}
    mine = workspace / files[0]["file"]
    mine.write_text("mine")
    again = jobs("download", job, "--out", "out").json["files"]
    assert [one["outcome"] for one in again] == ["present"] * 2
    assert mine.read_text() == "mine"
    jobs("download", job, "--out", "out", "--name", "{ecosystem}/{seed}-{id}-{n}")
    assert {path.name[:2] for path in (workspace / "out" / "ZImageTurbo").iterdir()} == {"7-", "8-"}


def test_levels_decide_what_is_shown_and_brought_home(jobs, submitted, workspace):
    free = submitted("a fox [sandbox:xxx]", allowMatureContent="true")
    held = submitted("a cat [sandbox:r]")
    assert jobs("show", free).json["outputs"][0]["shown"] is True
    shown = jobs("show", free, "--max-level", "r").json["outputs"][0]
    assert (shown["level"], shown["shown"], shown["reason"]) == ("xxx", False, "aboveLevel")
    assert "url" not in shown and "--max-level" in shown["resolve"]
    kept = jobs("download", free, "--max-level", "pg13", "--out", "out").json["files"]
    assert [one["outcome"] for one in kept] == ["kept back"] and not (workspace / "out").exists()
    locked = jobs("show", held).json["outputs"][0]
    assert locked["reason"] == "canUpgrade" and f"civgen jobs unlock {held}" in locked["resolve"]
    assert f"unlock {held}" in jobs("show", held, json=False).stderr
    assert jobs("unlock", held, "--yes").code == 8, "nobody said how much"
    assert jobs("unlock", held, "--yes", "--max-cost", "1").code == 8, "it may be more"
    assert jobs("unlock", held, "--yes", "--max-cost", "99").code == 0
    assert jobs("download", held, "--out", "out").json["files"][0]["outcome"] == "downloaded"


def test_what_is_kept_from_everybody_says_why(jobs, submitted):
    blocked = jobs("show", submitted("a fox [sandbox:block:ChildSafety]")).json["outputs"][0]
    assert (blocked["shown"], blocked["reason"], blocked["resolve"]) == (False, "ChildSafety", None)


def test_costs_tell_where_a_published_price_is_off(run, workspace, monkeypatch, tmp_path_factory):
    with served(tmp_path_factory.mktemp("dear"), "--price-drift", "10") as url:
        as_somebody_new(url, workspace, monkeypatch)
        words = ("submit", "-e", "Veo3", "-p", "x", "--env", "prod", "--yes", "--max-cost", "9999", "--json")
        run("jobs", "watch", run(*words).json["id"], "--env", "prod")
        (veo,) = run("jobs", "costs", "--env", "prod", "--json").json["engines"]
        assert (veo["engine"], veo["estimated"], veo["charged"], veo["off"]) == (
            "videoGen/veo3",
            1333,
            1466,
            1,
        )
        assert veo["ratio"]["median"] == pytest.approx(1.1, abs=0.001)
        assert veo["examples"][0]["charged"] == 1466 and "off for 1 of 1" in veo["verdict"]
        assert "off for 1 of 1" in run("jobs", "costs", "--env", "prod").stdout


VIDU = {"$type": "videoGen", "input": {"engine": "vidu"}}
SORA = {"$type": "videoGen", "input": {"engine": "sora"}}


def paid(*moves):
    kinds = {True: "debit", False: "credit"}
    return {"list": [{"type": kinds[amount > 0], "amount": abs(amount)} for amount in moves]}


@pytest.mark.parametrize(
    ("step", "moves", "quotes", "expected"),
    [
        (VIDU, [600], {}, {"estimated": 600, "quoted": 600, "charged": 600, "off": 0, "quotedOff": 0}),
        (VIDU, [700, -50], {"w": 600}, {"quoted": 600, "charged": 650, "off": 1, "quotedOff": 1}),
        (VIDU, [600, -600], {}, {"charged": 0, "free": 1, "off": 0, "compared": 0, "ratio": None}),
        (VIDU, [], {}, {"charged": None, "compared": 0, "off": 0}),
        (SORA, [900], {}, {"estimated": None, "charged": 900, "compared": 0, "off": 0}),
        (
            {"$type": "imageGen", "input": {"engine": "openai", "prompt": {"$ref": "$0"}}},
            [5],
            {},
            {"compared": 0},
        ),
    ],
)
def test_a_charge_is_held_against_estimate_and_quote(step, moves, quotes, expected):
    about = {"id": "w", "status": "succeeded", "steps": [step], "cost": {"total": 600}}
    job = Workflow.model_validate(about | {"transactions": paid(*moves)})
    (costs,) = [one.as_json() for one in by_engine([realised(job, Engines(), quotes)])]
    assert {name: costs[name] for name in expected} == expected
