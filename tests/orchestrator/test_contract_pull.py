"""What becomes of an OpenAPI document, on small documents written here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from civgen.errors import InvalidFile, InvalidInput, Unavailable
from civgen.orchestrator.contract import Contract, contract_of, load_contract, pull, refresh, write
from civgen.orchestrator.contract.files import index_of, read_texts, texts
from civgen.orchestrator.contract.refresh import pull_from

REF = "#/components/schemas/"


def ref(name: str) -> dict[str, str]:
    return {"$ref": REF + name}


def child(
    parent: str, properties: dict[str, Any], required: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    """A schema as the document writes inheritance: the parent, then the child's own."""
    own = {
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
    }
    return {"allOf": [ref(parent), own | more], "description": "A child."}


def discriminator(by: str, **children: str) -> dict[str, Any]:
    return {
        "discriminator": {
            "propertyName": by,
            "mapping": {value: REF + name for value, name in children.items()},
        }
    }


def document(**schemas: Any) -> bytes:
    """A document with the step `paint`, whose input is `PaintInput`, and the given schemas."""
    own = {"$type": {"type": "string"}, "name": {"type": ["null", "string"], "description": "The name."}}
    step = {"type": "object", "required": ["$type"], "properties": own, "additionalProperties": False}
    paint = {"$type": {"enum": ["paint"]}, "input": ref("PaintInput")}
    body = {
        "type": "object",
        "required": ["steps"],
        "properties": {"steps": {"type": "array", "minItems": 1, "items": ref("WorkflowStepTemplate")}},
        "additionalProperties": False,
    }
    base = {
        "WorkflowTemplate": body,
        "WorkflowStepTemplate": step | discriminator("$type", paint="PaintStep"),
        "PaintStep": child("WorkflowStepTemplate", paint, ["$type", "input"]),
    }
    info = {"title": "Paint", "version": "v9"}
    return json.dumps({"openapi": "3.1.1", "info": info, "components": {"schemas": base | schemas}}).encode()


def plain(**properties: Any) -> dict[str, Any]:
    required = properties.pop("required", [])
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


#: Engines `oil` (a leaf) and `water` (modes wash and dry, wash when absent).
NESTED = document(
    PaintInput=plain(
        engine={"type": "string"}, prompt={"type": "string", "maxLength": 9}, required=["engine", "prompt"]
    )
    | discriminator("engine", oil="Oil", water="Water"),
    Oil=child(
        "PaintInput", {"engine": {"enum": ["oil"]}, "prompt": {"type": "string", "maxLength": 5}}, ["engine"]
    ),
    Water=child(
        "PaintInput",
        {"mode": {"type": ["null", "string"], "default": "wash"}, "engine": {"enum": ["water"]}},
        ["engine", "mode"],
        **discriminator("mode", wash="Wash", dry="Dry"),
    ),
    Wash=child("Water", {"mode": {"enum": ["wash"]}, "engine": {"enum": ["water"]}}, ["engine", "mode"]),
    Dry=child("Water", {"mode": {"enum": ["dry"]}, "hours": {"type": "integer"}}, ["mode", "hours"]),
)


def only_leaf(**properties: Any) -> dict[str, Any]:
    return dict(pull(document(PaintInput=plain(**properties))).leaves["leaves/paint/input.json"])


def bare(raw: bytes) -> Contract:
    """The contract of a document, nothing laid over it."""
    pulled = pull(raw)
    return Contract(index_of(pulled), lambda file: json.loads(json.dumps(pulled.leaves[file])))


def fields(contract: Contract, given: Any) -> list[str]:
    return [problem.field for problem in contract.check_step({"$type": "paint", "input": given}, "s")]


def test_branches_are_merged_and_the_child_wins() -> None:
    oil = pull(NESTED).leaves["leaves/paint/oil.json"]
    assert oil["properties"] == {"engine": {"enum": ["oil"]}, "prompt": {"type": "string", "maxLength": 5}}
    assert oil["required"] == ["engine", "prompt"]
    assert oil["additionalProperties"] is False
    assert "allOf" not in oil


def test_every_path_of_discriminators_is_a_leaf_that_the_index_finds() -> None:
    pulled = pull(NESTED)
    assert sorted(pulled.leaves) == [
        "leaves/paint/oil.json",
        "leaves/paint/water--dry.json",
        "leaves/paint/water--wash.json",
    ]
    tree: Any = pulled.steps["paint"]
    water = tree["to"]["water"]
    assert water["by"] == "mode"
    assert water["default"] == "wash"
    assert bare(NESTED).leaf("paint", {"engine": "water", "mode": "dry"}).name == "water--dry"


def test_an_absent_discriminator_means_its_default() -> None:
    contract = bare(NESTED)
    assert contract.leaf("paint", {"engine": "water"}).discriminators == {"engine": "water", "mode": "wash"}
    assert fields(contract, {"engine": "water", "mode": None, "prompt": "sea"}) == []
    assert "mode" not in contract.leaf("paint", {"engine": "water"}).schema["required"]
    assert "mode" in contract.leaf("paint", {"engine": "water", "mode": "dry"}).schema["required"]


def test_a_wrong_discriminator_is_one_problem_with_what_would_be_right() -> None:
    step = {"$type": "paint", "input": {"engine": "watr"}, "nam": "x"}
    engine, own = bare(NESTED).check_step(step, "steps[3]")
    assert (engine.field, engine.given) == ("steps[3].input.engine", "watr")
    assert engine.allowed == ["oil", "water"]
    assert engine.hint == "Did you mean water?"
    assert own.field == "steps[3].nam"


@pytest.mark.parametrize("given", [None, [], "text", 4])
def test_a_polymorphic_input_must_be_an_object(given: Any) -> None:
    assert fields(bare(NESTED), given) == ["s.input"]


def test_required_with_a_default_is_not_required() -> None:
    leaf = only_leaf(cfg={"type": "number", "default": 4}, seed={"type": "integer"}, required=["cfg", "seed"])
    assert leaf["required"] == ["seed"]
    assert leaf["properties"]["cfg"]["default"] == 4


def test_read_only_is_neither_required_nor_accepted() -> None:
    width = {"type": "integer", "readOnly": True}
    raw = document(PaintInput=plain(width=width, prompt={"type": "string"}, required=["width", "prompt"]))
    contract = bare(raw)
    assert fields(contract, {"prompt": "sea"}) == []
    (problem,) = contract.check_step({"$type": "paint", "input": {"prompt": "sea", "width": 1}})
    assert problem.field == "steps[0].input.width"
    assert "set by the orchestrator" in problem.message


def test_prose_is_dropped_but_fields_called_like_prose_stay() -> None:
    leaf = only_leaf(
        title={"type": "string", "description": "Its title.", "example": "Sea", "title": "Title"},
        ratio={"type": "number", "format": "double"},
    )
    assert leaf["properties"] == {"title": {"type": "string"}, "ratio": {"type": "number"}}


def test_references_of_the_document_are_put_in_place() -> None:
    leaf = pull(
        document(
            PaintInput=plain(colour=ref("Colour"), layers={"type": "array", "items": ref("Layer")}),
            Colour={"type": "string", "enum": ["red", "blue"], "description": "A colour."},
            Layer=plain(colour=ref("Colour"), required=["colour"]),
        )
    ).leaves["leaves/paint/input.json"]
    colour = {"type": "string", "enum": ["red", "blue"]}
    assert leaf["properties"]["colour"] == colour
    assert leaf["properties"]["layers"]["items"]["properties"] == {"colour": colour}
    assert "$ref" not in json.dumps(leaf)


def test_a_polymorphic_value_inside_an_input_is_checked_by_its_own_branch() -> None:
    contract = bare(
        document(
            PaintInput=plain(strokes={"type": "array", "items": ref("Stroke")}),
            Stroke=plain(kind={"type": "string"}, required=["kind"])
            | discriminator("kind", dot="Dot", line="Line"),
            Dot=child(
                "Stroke", {"kind": {"enum": ["dot"]}, "size": {"type": "integer", "maximum": 3}}, ["size"]
            ),
            Line=child("Stroke", {"kind": {"enum": ["line"]}, "length": {"type": "integer"}}, ["length"]),
        )
    )
    assert fields(contract, {"strokes": [{"kind": "dot", "size": 1}, {"kind": "line", "length": 9}]}) == []
    assert fields(contract, {"strokes": [{"kind": "dot", "size": 7, "length": 1}, {"kind": "lin"}, {}]}) == [
        "s.input.strokes[0].length",
        "s.input.strokes[0].size",
        "s.input.strokes[1].kind",
        "s.input.strokes[2].kind",
    ]


def test_an_input_that_is_no_object_may_be_a_reference_as_a_whole() -> None:
    contract = bare(document(PaintInput={"type": "string"}))
    assert fields(contract, "https://x/y.png") == []
    assert fields(contract, {"$ref": "$0", "path": "output.blob.url"}) == []
    assert fields(contract, {"$ref": "$0"}) == ["s.input.path"]
    assert fields(contract, 3) == ["s.input"]


def test_file_names_are_safe_and_never_shared() -> None:
    def two(first: str, second: str) -> bytes:
        base = plain(engine={"type": "string"}) | discriminator("engine", **{first: "One", second: "One"})
        return document(PaintInput=base, One=child("PaintInput", {}))

    assert "leaves/paint/_._a_b.json" in pull(two("../a b", "c")).leaves
    with pytest.raises(InvalidInput, match="share"):
        pull(two("a/b", "A b"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no OpenAPI document"),
        (b"[]", "no OpenAPI document"),
        (b'{"components": {"schemas": {}}}', "WorkflowStepTemplate, WorkflowTemplate"),
        (document(), "PaintInput, which it does not have"),
        (document(PaintInput=ref("PaintInput")), "built on itself"),
        (document(PaintInput=plain(layer=ref("PaintInput"))), "holds itself"),
    ],
)
def test_a_document_that_cannot_be_used_says_why(raw: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        pull(raw)


def test_pulling_twice_is_byte_identical(tmp_path: Path) -> None:
    shuffled = json.dumps(json.loads(NESTED), sort_keys=True).encode()
    first, second = texts(pull(NESTED)), texts(pull(shuffled))
    assert {file: text for file, text in first.items() if file != "index.json"} == {
        file: text for file, text in second.items() if file != "index.json"
    }
    write(pull(NESTED), tmp_path / "a")
    write(pull(NESTED), tmp_path / "b")
    assert read_texts(tmp_path / "a") == read_texts(tmp_path / "b") == first


def test_a_written_contract_checks_like_the_pulled_one(tmp_path: Path) -> None:
    write(pull(NESTED, date="2026-01-02"), tmp_path)
    contract = load_contract(tmp_path)
    assert (contract.title, contract.version, contract.date) == ("Paint", "v9", "2026-01-02")
    assert contract.sha256 == pull(NESTED).sha256
    assert contract.step_types == ("paint",)
    pulled = {leaf.name: leaf for leaf in contract_of(pull(NESTED)).leaves()}
    assert {leaf.name: leaf for leaf in contract.leaves()} == pulled


def test_one_leaf_is_found_without_the_others(tmp_path: Path) -> None:
    write(pull(NESTED), tmp_path)
    (tmp_path / "leaves/paint/oil.json").write_text("not json")
    contract = load_contract(tmp_path)
    assert fields(contract, {"engine": "water", "prompt": "sea"}) == []
    with pytest.raises(InvalidFile, match=r"oil\.json"):
        fields(contract, {"engine": "oil", "prompt": "sea"})


@pytest.mark.parametrize("index", [None, "[]", '{"steps": {}}'])
def test_a_folder_without_a_contract_says_so(tmp_path: Path, index: str | None) -> None:
    if index:
        (tmp_path / "index.json").write_text(index)
    with pytest.raises(InvalidFile, match=r"index\.json cannot be used"):
        load_contract(tmp_path)


def test_a_new_document_replaces_every_file_of_the_old(tmp_path: Path) -> None:
    (tmp_path / "overlay.toml").write_text("# kept")
    write(pull(NESTED), tmp_path)
    write(pull(document(PaintInput=plain())), tmp_path)
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["index.json", "leaves/paint/input.json", "overlay.toml"]


def test_a_write_that_fails_leaves_the_old_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(pull(NESTED), tmp_path)
    rename, before = Path.rename, read_texts(tmp_path)

    def full_disk(self: Path, target: Path) -> Path:
        if self.parent.name == "new" and self.name == "index.json":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(OSError, match="No space"):
        write(pull(document(PaintInput=plain())), tmp_path)
    assert read_texts(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.json", "leaves"]


def test_a_report_says_what_changed_and_check_writes_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "api.json", tmp_path / "contract"
    source.write_bytes(NESTED)
    first = pull_from(str(source), folder, check=True, date="2026-01-02")
    assert first.differs
    assert not first.written
    assert not folder.exists()
    assert pull_from(str(source), folder, date="2026-01-02").written

    again = pull_from(str(source), folder)
    assert not again.differs
    assert again.date == "2026-01-02"  # the same document keeps its date

    source.write_bytes(NESTED.replace(b'"maxLength": 5', b'"maxLength": 6'))
    newer = pull_from(str(source), folder)
    assert newer.changed == ("index.json", "leaves/paint/oil.json")
    assert (newer.added, newer.removed, newer.date) == ((), (), None)
    assert newer.size == sum(path.stat().st_size for path in folder.rglob("*.json"))
    json.dumps(newer.as_json())


@pytest.fixture
def served() -> Iterator[str]:
    """The address of a server that has `NESTED` at /api.json, and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/api.json"
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(NESTED if found else b"")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_document_is_fetched_from_an_address(served: str, tmp_path: Path) -> None:
    assert pull_from(f"{served}/api.json", tmp_path).leaves == 3


def test_what_cannot_be_fetched_says_so(served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="answered 404"):
        pull_from(f"{served}/other.json", tmp_path)
    with pytest.raises(Unavailable, match="could not be fetched"):
        pull_from("http://127.0.0.1:9/api.json", tmp_path)
    with pytest.raises(InvalidInput, match="is not fetched"):
        pull_from("http://example.org/api.json", tmp_path)
    with pytest.raises(InvalidFile, match="cannot be read"):
        pull_from(str(tmp_path / "none.json"), tmp_path)
    monkeypatch.setattr(refresh, "MAX_BYTES", 100)
    with pytest.raises(InvalidInput, match="larger than"):
        pull_from(f"{served}/api.json", tmp_path)
    assert not any(tmp_path.iterdir())
