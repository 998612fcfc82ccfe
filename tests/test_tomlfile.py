"""A value's place in its file is what every message about it points at."""

from pathlib import Path

import pytest

from civgen.errors import InvalidFile
from civgen.tomlfile import read_toml

TEXT = '''\
key = "X"   # a comment with = and [brackets]
text = """
fake = 1
[not.a.table]
"""

[form.steps]
max = 50
presets = [
    { label = "Fast", value = 20 },
]

[[versions]]
id = 1

[[versions]]
id = 2
engine = { name = "b", fast = true }

[versions.form."odd key"]
hidden = true
'''


def read(tmp_path: Path, text: str):
    path = tmp_path / "file.toml"
    path.write_text(text)
    return read_toml(path)


@pytest.mark.parametrize(
    ("key", "line", "column"),
    [
        (("key",), 1, 1),
        (("text",), 2, 1),
        (("form", "steps"), 7, 1),
        (("form", "steps", "max"), 8, 1),
        (("versions", 0, "id"), 14, 1),
        (("versions", 1, "id"), 17, 1),
        (("versions", 1, "engine", "fast"), 18, 24),
        (("versions", 1, "form", "odd key", "hidden"), 21, 1),
        (("versions", 1, "label"), 16, 1),
        (("nowhere",), 1, 1),
    ],
)
def test_every_key_has_a_place_and_a_missing_one_that_of_its_table(tmp_path, key, line, column):
    where = read(tmp_path, TEXT).where(key)
    assert (where.file, where.line, where.column) == ("file.toml", line, column)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\na = 2\n", 2), ("a = [1,\n\nb = 2\n", 3), ('a = "open\n', 1), ("[x\n", 1), ("a = 1\nb = ", 2)],
)
def test_bad_toml_says_the_line_and_a_hint(tmp_path, text, line):
    with pytest.raises(InvalidFile) as caught:
        read(tmp_path, text)
    assert caught.value.where.line == line
    assert caught.value.hint


def test_a_file_that_is_no_text_is_a_file_error(tmp_path):
    path = tmp_path / "file.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidFile, match="UTF-8"):
        read_toml(path)
    with pytest.raises(InvalidFile, match="cannot be read"):
        read_toml(tmp_path / "missing.toml")
