"""The catalogue for hosts: complete, as its own schema says, and compiling."""

import json
import shutil
import subprocess

import jsonschema_rs
import pytest

from civgen.catalog import Catalog
from civgen.catalog.export import as_json, as_json_schema, as_typescript


def test_the_json_is_complete_and_as_its_schema_says():
    catalog = Catalog()
    document = json.loads(json.dumps(as_json(catalog)))
    assert {name: len(rows) for name, rows in document.items()} == {
        name: len(shelf) for name, shelf in catalog.shelves.items()
    }
    pony = next(one for one in document["ecosystems"] if one["key"] == "Pony")
    assert (pony["engine"], pony["air"]) == ("text-to-image", "sdxl")
    validator = jsonschema_rs.validator_for(as_json_schema(catalog))
    assert [str(error) for error in validator.iter_errors(document)] == []
    assert not validator.is_valid({**document, "ecosystems": [{"key": 5}]})


def test_the_typescript_compiles_under_strict(tmp_path):
    compiler = shutil.which("tsc")
    if compiler is None:
        pytest.skip("there is no TypeScript compiler (tsc) here")
    (tmp_path / "catalog.ts").write_text(as_typescript(Catalog()))
    done = subprocess.run(
        [compiler, "--strict", "--noEmit", "catalog.ts"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


def test_every_format_is_written_to_stdout_or_a_file(run, tmp_path):
    assert json.loads(run("export").stdout)["ecosystems"]
    assert json.loads(run("export", "--format", "jsonschema").stdout)["$schema"].endswith("2020-12/schema")
    assert "export const catalog: Catalog" in run("export", "--format", "typescript").stdout
    assert run("export", "--out", "catalog.json").stdout == ""
    assert json.loads((tmp_path / "catalog.json").read_text())["licenses"]
    assert run("export", "--format", "yaml").code == 4
