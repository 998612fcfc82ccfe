"""The documentation is current, whole, and builds without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from civgen.catalog import Catalog
from civgen.cli.describe import all_commands
from civgen.engines.registry import Engines
from civgen.lint.registry import all_rules
from tools.docs.build import MARK, built, stale, write
from tools.docs.markdown import type_in_words

ROOT = Path(__file__).parents[2]


def test_what_is_generated_is_current() -> None:
    assert stale(built()) == [], "`make docs` writes it"


def test_the_reference_has_everything_there_is() -> None:
    made = built()
    commands = "".join(text for path, text in made.items() if "/commands/" in path)
    for command in all_commands():
        told = command.as_json()
        assert told["command"] in commands
        assert all(f"`{flag}`" in commands for option in told["options"] for flag in option["flags"])
    assert set(re.findall(r"^## (CIV\d+)", made["docs/reference/rules.md"], re.MULTILINE)) == set(all_rules())
    headings = {name: set(re.findall(r"^## (.+)$", made[f"docs/reference/{name}.md"], re.MULTILINE))
                for name in ("engines", "ecosystems", "files")}  # fmt: skip
    assert headings["engines"] == set(Engines())
    assert headings["ecosystems"] == set(Catalog().ecosystems)
    assert {shelf.model.__name__ for shelf in Catalog().shelves.values()} <= headings["files"]


def test_a_page_that_nothing_makes_any_more_goes(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tools.docs.build.ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/old.md").write_text(f"{MARK}\n\n# Old\n")
    (tmp_path / "docs/ours.md").write_text("# Ours\n")
    assert write({"docs/new.md": f"{MARK}\n\n# New\n"}) == ["docs/new.md", "docs/old.md"]
    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == ["new.md", "ours.md"]


def test_the_site_builds_and_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    words = ["-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    pages = [path.read_text() for path in tmp_path.rglob("*.html")]
    assert len(pages) > 40
    fetched = re.compile(r'<(?:script|img|link rel="stylesheet")[^>]+(?:src|href)="?(https?:)?//')
    assert not any(fetched.search(page) for page in pages)
    assert (tmp_path / "llms.txt").is_file()


def test_every_page_of_the_map_is_there() -> None:
    paths = re.findall(r"\]\(([^)]+)\)", (ROOT / "docs/llms.txt").read_text())
    assert len(paths) > 40
    assert all((ROOT / "docs" / path).is_file() for path in paths)


def test_the_readme_leads_to_pages_that_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text())
    assert all((ROOT / link).exists() for link in links)


def test_pictures_bring_everything_along() -> None:
    for picture in (ROOT / "docs/images").glob("*.svg"):
        assert not re.search(r"(?:url\(|href=)[\"']?http", picture.read_text()), picture.name


def test_types_are_said_in_words() -> None:
    assert type_in_words({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]}) == (
        "list of whole number"
    )
    assert type_in_words({"enum": ["a", "b"]}) == "`a`, `b`"
