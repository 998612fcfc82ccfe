"""The Python API: its names, what it costs to import, and that it says what the command line says."""

import asyncio
import inspect
import json
import subprocess
import sys

import pytest

import civgen
from civgen import CivgenError, Workspace
from civgen.api.adding import Add
from civgen.api.forms import Forms
from civgen.api.index import Search
from civgen.api.jobs import Jobs
from civgen.api.rows import Db
from civgen.errors import InvalidInput, NotFound, Unavailable
from civgen.scaffold import alone

REQUEST = {"ecosystem": "Veo3", "prompt": "a lighthouse", "duration": 8}
WORDS = ["-e", "Veo3", "-p", "a lighthouse", "--set", "duration=8"]
ENGINE = {"key": "x", "media": "image"}
NOVA = {
    "name": "Nova XL",
    "ecosystem": "Nova",
    "parent": "SDXL",
    "license": "CreativeML Open RAIL++-M",
    "checkpoint": 9000101,
    "model_id": 9000100,
}

#: The public names. Taking one away, or giving it another meaning, needs a new minor version.
PUBLIC = {
    civgen: {"CivgenError", "Workspace", "__version__"},
    Workspace: {
        "open", "home", "root", "environment", "now", "catalog", "platform", "journal", "connected",
        "listing", "show", "forms", "validate", "preview", "price", "whatif", "whatif_async", "submit",
        "submit_async", "jobs", "db", "search", "lint", "add",
    },
    Forms: {"show", "explain", "diff", "schema"},
    Jobs: {
        "list", "list_async", "get", "get_async", "wait", "wait_async", "download", "download_async",
        "cancel", "cancel_async", "resume", "resume_async",
    },
    Db: {"database", "plan", "apply", "apply_as_seen", "status", "coverage"},
    Search: {"opened", "plan", "sync", "query", "resources"},
    Add: {"base_model", "version", "ecosystem", "engine", "license"},
}  # fmt: skip


@pytest.mark.parametrize("of", PUBLIC, ids=lambda one: one.__name__)
def test_the_public_names_are_those_that_are_promised(of, workspace):
    if of is civgen:
        assert set(civgen.__all__) == PUBLIC[of]
        return
    here = Workspace.open(workspace)
    names = {*dir(of), *(vars(here) if of is Workspace else ())}
    assert {name for name in names if not name.startswith("_")} == PUBLIC[of]


def test_whatever_waits_has_a_twin_that_can_be_awaited():
    for of, names in PUBLIC.items():
        for name in (one for one in names if one.endswith("_async")):
            assert asyncio.iscoroutinefunction(getattr(of, name))
            assert parameters(getattr(of, name.removesuffix("_async"))) == parameters(getattr(of, name))


def parameters(of):
    """What may be passed, and of which type."""
    return [(one.name, one.kind, one.annotation) for one in inspect.signature(of).parameters.values()]


def test_an_unknown_name_is_said_so():
    with pytest.raises(AttributeError, match="Nothing"):
        _ = civgen.Nothing


def test_importing_civgen_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import civgen; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"civgen", "__future__"}


def test_opening_a_workspace_loads_nothing_heavy(workspace):
    heavy = [
        "sqlalchemy",
        "sqlmodel",
        "copier",
        "mcp",
        "starlette",
        "httpx",
        "rich",
        "typer",
        "jsonschema_rs",
    ]
    code = (
        f"import sys; from civgen import Workspace; Workspace.open().listing('ecosystems')\n"
        f"print([one for one in {heavy} if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


#: What the command line says, and what the API does.
SAME = {
    "list": (["list", "engines"], lambda it: it.listing("engines")),
    "list filtered": (
        ["list", "--media", "video", "--generatable"], lambda it: it.listing(media="video", generates=True)
    ),
    "show": (["show", "sdxl"], lambda it: it.show("sdxl")),
    "show one": (["show", "Euler a"], lambda it: it.show("Euler a")[0]),
    "form": (["form", "show", *WORDS], lambda it: it.forms.show(REQUEST)),
    "explain": (
        ["form", "show", *WORDS, "--explain", "duration"], lambda it: it.forms.explain(REQUEST, "duration")
    ),
    "schema": (["form", "schema", "-e", "Veo3"], lambda it: it.forms.schema("Veo3")),
    "validate": (["form", "validate", *WORDS], lambda it: it.validate(REQUEST)),
    "preview": (["preview", *WORDS], lambda it: it.preview(REQUEST).body),
    "price": (["price", *WORDS], lambda it: it.price(REQUEST).as_json()),
    "plan": (["db", "plan"], lambda it: it.db.plan().as_json()),
    "search": (["search", "plan"], lambda it: it.search.plan().as_json()),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_it_says_what_the_command_line_says_and_prints_nothing(name, run, workspace, capsys):
    words, ask = SAME[name]
    told = run(*words, "--json").json
    if isinstance(told, dict):
        told.pop("next", None)  # which are commands
    capsys.readouterr()
    assert json.loads(json.dumps(ask(Workspace.open()), default=str)) == without_next(told)
    assert capsys.readouterr() == ("", "")


def without_next(told):
    """What is told, but for the commands that come next: a program has other ways to go on."""
    return {key: value for key, value in told.items() if key != "next"} if isinstance(told, dict) else told


def test_without_a_workspace_what_only_reads_works(tmp_path):
    here = Workspace.open()
    assert here.root is None
    assert here.show("SDXL")
    with pytest.raises(InvalidInput, match="needs a workspace"):
        here.whatif(REQUEST)


@pytest.mark.parametrize(
    ("opened", "error"),
    [
        (lambda folder: Workspace.open(folder / "nowhere"), InvalidInput),
        (lambda folder: Workspace.open(folder, env="nope"), NotFound),
        (lambda folder: Workspace.open(folder).show("nothing of the kind"), NotFound),
        (lambda folder: Workspace.open(folder).listing("nothing"), NotFound),
        (lambda folder: Workspace.open(folder).listing("licenses", media="image"), InvalidInput),
        (lambda folder: Workspace.open(folder).platform("platinum").limits, NotFound),
        (lambda folder: Workspace.open(folder).preview({"ecosystem": "SDXL", "steps": 9999}), InvalidInput),
        (lambda folder: Workspace.open(folder).add.base_model(name="x"), InvalidInput),
        (lambda folder: Workspace.open(folder).add.engine(ENGINE, {"name": "y"}), InvalidInput),
        (lambda folder: Workspace.open(folder).jobs.get("none"), NotFound),
        (lambda folder: Workspace.open(folder).db.coverage(1), NotFound),
    ],
)  # fmt: skip
def test_what_is_wrong_is_raised_as_everywhere(opened, error, workspace):
    with pytest.raises(error) as caught:
        opened(workspace)
    assert isinstance(caught.value, CivgenError)
    assert caught.value.as_json()["error"]["message"]


def test_every_problem_is_raised_at_once(workspace):
    with pytest.raises(InvalidInput) as caught:
        Workspace.open().validate({"ecosystem": "SDXL", "prompt": "x", "steps": 9999, "sampler": "nope"})
    assert {one.field for one in caught.value.details} == {"steps", "sampler"}


def test_files_that_change_are_seen_and_those_that_do_not_are_read_once(run, workspace):
    here = Workspace.open()
    before = here.now
    assert here.now is before
    options = [f"--{name.replace('_', '-')}={value}" for name, value in NOVA.items() if name != "name"]
    assert run("add-base-model", NOVA["name"], *options).code == 0
    assert here.show("Nova")[0]["kind"] == "ecosystem"
    (workspace / "ecosystems" / "Nova.toml").unlink()
    with pytest.raises(NotFound):
        here.show("Nova")


def test_an_addition_is_dry_unless_it_is_to_be_written(workspace):
    here = Workspace.open()
    shown = here.add.base_model(**NOVA)
    assert shown.dry_run
    assert "Nova" in shown.diff
    assert not list((workspace / "ecosystems").iterdir())
    written = here.add.base_model(**NOVA, write=True)
    assert written.diff == shown.diff
    assert here.lint().counts["error"] == 0
    assert not here.add.base_model(**NOVA, write=True).changes


def test_who_adds_waits_for_who_is_adding(workspace, monkeypatch):
    here = Workspace.open()
    monkeypatch.setattr(alone, "PATIENCE", 0.05)
    with alone.adding_alone(workspace):
        assert here.add.base_model(**NOVA).diff  # looking needs no turn
        with pytest.raises(Unavailable, match="Somebody else is adding"):
            here.add.base_model(**NOVA, write=True)
    assert here.add.base_model(**NOVA, write=True).changes


def test_from_a_request_to_its_files(workspace):
    here = Workspace.open()
    told: list[str] = []
    done = here.submit(REQUEST, max_cost=2000, told=told.append)
    assert done.quote.cost.total == 1333
    assert told == ["priced at 1333 Buzz"]
    assert here.journal.find(done.external_id).workflow_id == done.workflow.id
    watched = here.jobs.wait([done.workflow.id])
    assert watched.over
    assert watched.sights[0].status == "succeeded"
    [file] = here.jobs.download(done.workflow.id, workspace / "files")
    assert file.path.stat().st_size == file.size > 0
    assert [one.id for one in here.jobs.list().jobs] == [done.workflow.id]


def test_waiting_for_a_while_says_what_was_seen(workspace):
    here = Workspace.open()
    job = here.submit(REQUEST).workflow.id
    watched = here.jobs.wait([job], seconds=0.05)
    assert not watched.over
    assert here.jobs.cancel(job).status == "canceled"


def test_what_waits_can_be_awaited_and_also_called_where_a_loop_runs(workspace):
    here = Workspace.open()

    async def both():
        return await here.whatif_async(REQUEST), here.whatif(REQUEST)

    awaited, called = asyncio.run(both())
    assert awaited.quote.cost == called.quote.cost
    assert awaited.offer.token != called.offer.token


def test_the_index_is_filled_and_asked(workspace):
    here = Workspace.open()
    here.db.apply(here.db.plan())
    assert here.search.sync().written
    assert here.search.query("", "type = Checkpoint", limit=1).total
    assert here.search.resources("SDXL", types=["Checkpoint"]).resources
    assert here.db.status().pending == 0
