"""Mistakes that people make in catalogue files, one at a time and by a seed: what lint has to find.

python tests/lint/damage.py [COUNT [SEED]]    how many of them are found, kind by kind
"""

from __future__ import annotations

import random
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.catalog.files import BUILT_IN
from civgen.lint.runner import Options, lint_sources
from civgen.lint.sources import Sources, real
from civgen.workspace import Workspace

Data = dict[str, Any]
#: Changes the data of a file; answers what it did, or None where there is nothing of the kind to do.
Damage = Callable[[Data, random.Random], str | None]

KINDS: dict[str, Damage] = {}


def kind(damage: Damage) -> Damage:
    """Register a kind of damage by its function's name."""
    KINDS[damage.__name__.replace("_", " ")] = damage
    return damage


@dataclass(frozen=True)
class Case:
    """One damaged file."""

    kind: str
    path: Path
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}: {self.kind}: {self.what}"


def cases(count: int, seed: int = 0) -> Iterator[Case]:
    """Damaged files, the kinds in turn; the same seed gives the same."""
    import tomlkit

    chance = random.Random(seed)
    files = sorted(BUILT_IN.rglob("*.toml"))
    kinds = list(KINDS.items())
    for number in range(count):
        name, damage = kinds[number % len(kinds)]
        what = None
        while what is None:
            # Half of all mistakes are made in ecosystems, however many other files there are.
            wanted = [path for path in files if (path.parent.name == "ecosystems") == (chance.random() < 0.7)]
            path = chance.choice(wanted or files)
            data = tomllib.loads(path.read_text())
            before = repr(data)
            what = damage(data, chance)
            if repr(data) == before:
                what = None
        yield Case(name, path, what, tomlkit.dumps(data))


def found_by(case: Case, options: Options) -> list[str]:
    """The codes of what lint finds when a built-in file is damaged so."""
    with tempfile.TemporaryDirectory() as folder:
        put = Path(folder, case.path.name)
        put.write_text(case.text)
        kinds = {case.path.parent.name: [put]}
        sources = Sources(Workspace(None), (), kinds, {real(case.path): put})
        return [finding.code for finding in lint_sources(sources, options).findings]


def slip(word: str, chance: random.Random) -> str:
    """The word with a letter lost, doubled, or swapped with its neighbour."""
    at = chance.randrange(len(word))
    made = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        ]
    )
    return made if made not in ("", word) else word + word[-1]


def tables(value: Any) -> Iterator[Data]:
    """Every table at any depth."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from tables(one)


def fields(data: Data) -> Iterator[tuple[str, Data]]:
    """Everything that a file says of a form's fields, conditions and versions included."""
    forms = [data.get("form", {}), *(version.get("form", {}) for version in data.get("versions", ()))]
    for form in forms:
        for key, words in form.items():
            if isinstance(words, dict):
                yield key, words
                yield from ((key, rule) for rule in words.get("when", ()))


def pick(chance: random.Random, found: Any) -> Any:
    """One of them, or None where there is none."""
    listed = list(found)
    return chance.choice(listed) if listed else None


@kind
def renamed_key(data: Data, chance: random.Random) -> str | None:
    table = pick(chance, (one for one in tables(data) if one))
    key = chance.choice(list(table))
    name = slip(key, chance)
    if name in table or any(
        table is one.get(free) for one in tables(data) for free in ("engine", "engine_options")
    ):
        return None
    table[name] = table.pop(key)
    return f"{key} is called {name}"


@kind
def dropped_key(data: Data, chance: random.Random) -> str | None:
    required = {"id", "key", "name", "label", "media", "value", "width", "height", "description", "ecosystem"}
    table = pick(chance, (one for one in tables(data) if required & one.keys() and "match" not in one))
    if table is None:
        return None
    key = pick(chance, sorted(required & table.keys()))
    del table[key]
    return f"{key} is gone"


@kind
def swapped_id(data: Data, chance: random.Random) -> str | None:
    catalog = Catalog()
    taken = {
        "base_models": [base.id for one in catalog.ecosystems.records for base in one.base_models],
        "versions": [version.id for one in catalog.ecosystems.records for version in one.versions],
    }
    name = pick(chance, [one for one in taken if data.get(one)])
    if name is None:
        return None
    table = chance.choice(data[name])
    old, table["id"] = table["id"], chance.choice(taken[name])
    return f"{name} id {old} is {table['id']}"


@kind
def moved_default(data: Data, chance: random.Random) -> str | None:
    """A default that is not on offer, or out of range."""
    found = [
        (key, words)
        for key, words in fields(data)
        if "default" in words and not isinstance(words["default"], bool)
    ]
    one = pick(chance, found)
    if one is None:
        return None
    key, words = one
    old = words["default"]
    words["default"] = (
        slip(old, chance) if isinstance(old, str) else chance.choice([old * 1000 + 1, -old - 1])
    )
    return f"{key} starts with {words['default']}, not {old}"


@kind
def moved_default_version(data: Data, chance: random.Random) -> str | None:
    versions = data.get("versions") or []
    first = next((one for one in versions if one.get("default") is True), None)
    if first is None or not data.get("engine"):
        return None
    others = [
        one for one in versions if one is not first and "default" not in one and not one.get("workflows")
    ]
    if others and chance.random() < 0.5:
        chance.choice(others)["default"] = True
        return "two versions are the default"
    del first["default"]
    return "no version is the default"


@kind
def dropped_version(data: Data, chance: random.Random) -> str | None:
    versions = data.get("versions") or []
    if not versions or not data.get("engine"):
        return None
    gone = versions.pop(chance.randrange(len(versions)))
    return (
        f"version {gone['id']} ({gone.get('label')}) is gone{', the default' if gone.get('default') else ''}"
    )


@kind
def wrong_size(data: Data, chance: random.Random) -> str | None:
    size = pick(chance, (one for one in tables(data) if {"value", "width", "height"} <= one.keys()))
    if size is None:
        return None
    old = (size["width"], size["height"])
    if chance.random() < 0.4 and old[0] != old[1]:
        size["width"], size["height"] = old[1], old[0]
    else:
        side = chance.choice(["width", "height"])
        size[side] = chance.choice(
            [size[side] * 10, size[side] // 10 + 1, size[side] + chance.choice([1, 3, 7]), size[side] * 2]
        )
    return f"{old} is {size['width'], size['height']}"


@kind
def wrong_enum(data: Data, chance: random.Random) -> str | None:
    names = (
        "media",
        "type",
        "coverage",
        "output",
        "source",
        "finds",
        "license",
        "family",
        "engine",
        "parent",
        "uses",
    )
    table = pick(
        chance, (one for one in tables(data) if any(isinstance(one.get(name), str) for name in names))
    )
    if table is None:
        return None
    name = pick(chance, [one for one in names if isinstance(table.get(one), str)])
    old, table[name] = table[name], slip(table[name], chance)
    return f"{name} {old} is {table[name]}"


@kind
def wrong_word_in_a_list(data: Data, chance: random.Random) -> str | None:
    names = ("workflows", "generation", "training", "auction", "ecosystems", "types", "ratios")
    table = pick(
        chance,
        (one for one in tables(data) if any(isinstance(one.get(name), list) and one[name] for name in names)),
    )
    if table is None:
        return None
    name = pick(chance, [one for one in names if isinstance(table.get(one), list) and table[one]])
    at = chance.randrange(len(table[name]))
    old, table[name][at] = table[name][at], slip(table[name][at], chance)
    return f"{name}: {old} is {table[name][at]}"


@kind
def listed_twice(data: Data, chance: random.Random) -> str | None:
    names = ("workflows", "generation", "ecosystems", "types", "base_models", "versions", "sizes")
    table = pick(
        chance,
        (one for one in tables(data) if any(isinstance(one.get(name), list) and one[name] for name in names)),
    )
    if table is None:
        return None
    name = pick(chance, [one for one in names if isinstance(table.get(one), list) and table[one]])
    table[name].append(chance.choice(table[name]))
    return f"{name} lists {str(table[name][-1])[:40]} twice"


@kind
def wrong_option(data: Data, chance: random.Random) -> str | None:
    """An option more, which the contract does not take, or one that is spelt wrong."""
    one = pick(chance, ((key, words) for key, words in fields(data) if words.get("options")))
    if one is None:
        return None
    key, words = one
    at = chance.randrange(len(words["options"]))
    old = words["options"][at]
    value = old.get("value") if isinstance(old, dict) else old
    new = slip(value, chance) if isinstance(value, str) else value * 100 + 1
    words["options"][at] = {**old, "value": new} if isinstance(old, dict) else new
    return f"{key} offers {new}, not {value}"


@kind
def wrong_range(data: Data, chance: random.Random) -> str | None:
    """An end of a range that is far off, or beyond the other."""
    one = pick(chance, ((key, words) for key, words in fields(data) if {"min", "max"} & words.keys()))
    if one is None:
        return None
    key, words = one
    end = pick(chance, sorted({"min", "max"} & words.keys()))
    old = words[end]
    words[end] = (
        (old * 100 + 100)
        if end == "max" and chance.random() < 0.5
        else -old - 1
        if end == "max"
        else old * 1000 + 500
    )
    return f"the {end} of {key} is {words[end]}, not {old}"


@kind
def wrong_step(data: Data, chance: random.Random) -> str | None:
    one = pick(
        chance, ((key, words) for key, words in fields(data) if isinstance(words.get("step"), int | float))
    )
    if one is None:
        return None
    key, words = one
    old, words["step"] = words["step"], chance.choice([words["step"] * 7, -words["step"], 0])
    return f"the step of {key} is {words['step']}, not {old}"


@kind
def wrong_air(data: Data, chance: random.Random) -> str | None:
    found = [
        (one, key)
        for one in tables(data)
        for key, text in one.items()
        if isinstance(text, str) and text.startswith("urn:air:")
    ]
    place = pick(chance, found)
    if place is None:
        return None
    table, key = place
    parts = table[key].split(":")
    at = chance.choice([2, 3, 4, 5])
    parts[at] = "0@0" if at == 5 else slip(parts[at], chance)
    old, table[key] = table[key], ":".join(parts)
    return f"{old} is {table[key]}"


@kind
def wrong_media(data: Data, chance: random.Random) -> str | None:
    if not data.get("base_models") or not data.get("engine"):
        return None
    table = chance.choice(data["base_models"])
    old = table["media"]
    table["media"] = "video" if old == "image" else "image"
    return f"{table['name']} makes {table['media']}, not {old}"


@kind
def another_engine(data: Data, chance: random.Random) -> str | None:
    """An engine that exists, and is another's."""
    if not data.get("engine") or not data.get("workflows"):
        return None
    others = sorted({one.engine for one in Catalog().ecosystems.records if one.engine} - {data["engine"]})
    old, data["engine"] = data["engine"], chance.choice(others)
    return f"the engine is {data['engine']}, not {old}"


@kind
def dropped_workflow(data: Data, chance: random.Random) -> str | None:
    """All of them, or one that something else of the file names."""
    if not data.get("workflows") or "engine" not in data:
        return None
    named = [word for word in data["workflows"] if repr(data).count(repr(word)) > 1]
    if named and chance.random() < 0.7:
        word = chance.choice(named)
        data["workflows"].remove(word)
        return f"{word} is gone"
    data["workflows"] = []
    return "no workflow key is left"


@kind
def another_workflow(data: Data, chance: random.Random) -> str | None:
    """A workflow key that exists, and that the engine does not carry out."""
    if not data.get("workflows") or "engine" not in data or "key" not in data:
        return None
    video = "vid" in str(data["workflows"])
    at = chance.randrange(len(data["workflows"]))
    old, data["workflows"][at] = data["workflows"][at], "txt2img" if video else "txt2vid"
    return f"{old} is {data['workflows'][at]}"


@kind
def wrong_condition(data: Data, chance: random.Random) -> str | None:
    found = [
        one
        for words in tables(data)
        for one in (words.get("match"), words.get("unless"))
        if isinstance(one, dict) and one
    ]
    test = pick(chance, found)
    if test is None:
        return None
    key = chance.choice(list(test))
    if key == "workflow" and chance.random() < 0.5:
        old = test[key]
        test[key] = slip(old, chance) if isinstance(old, str) else [slip(old[0], chance), *old[1:]]
        return f"asks for {test[key]}, not {old}"
    name = slip(key, chance)
    test[name] = test.pop(key)
    return f"asks about {name}, not {key}"


@kind
def wrong_type(data: Data, chance: random.Random) -> str | None:
    table = pick(chance, (one for one in tables(data) if isinstance(one.get("id"), int)))
    if table is None:
        return None
    table["id"] = chance.choice([str(table["id"]), -table["id"], 0, float(table["id"])])
    return f"id is {table['id']!r}"


def main(count: int = 200, seed: int = 0) -> None:
    """Print the share found, kind by kind, and what escapes."""
    found, all_, escaped = Counter[str](), Counter[str](), []
    for case in cases(count, seed):
        codes = found_by(case, Options(keep=True))
        all_[case.kind] += 1
        found[case.kind] += bool(codes)
        escaped += [] if codes else [str(case)]
    for name in sorted(all_, key=lambda name: found[name] / all_[name]):
        print(f"{found[name]:>4} of {all_[name]:<4} {name}")
    print(f"{sum(found.values())} of {count} found, {sum(found.values()) / count:.1%}; what escapes:")
    print("\n".join(f"  {one}" for one in escaped))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
