"""The contract: what the orchestrator takes, and what is wrong with a step or a body that it would refuse."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.errors import InvalidInput, Problem
from civgen.orchestrator.contract.checking import body_schema, compiled, own_keys_schema, step_schema
from civgen.orchestrator.contract.explain import path, problems, short, unknown_choice
from civgen.orchestrator.contract.files import BUILT_IN, index_of, read_index, read_json
from civgen.orchestrator.contract.openapi import PulledContract, Schema, Tree
from civgen.orchestrator.contract.overlay import Change, laid_over, read_overlay, renamed

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_OVERLAY = "overlay.toml"


@dataclass(frozen=True)
class Leaf:
    """One step input with all its discriminators chosen.

    Attributes:
        step_type: the step's `$type`.
        name: the discriminator values joined with `--`, or `input` when there are none.
        discriminators: property -> value, in the order in which they are chosen.
        schema: JSON Schema of the input, with the overlay laid over it. Not to be changed.
    """

    step_type: str
    name: str
    discriminators: Mapping[str, str]
    schema: Schema


@dataclass(frozen=True)
class _Checker:
    schema: Schema
    validator: Draft202012Validator

    def problems(self, value: Mapping[str, Any], at: str) -> list[Problem]:
        return [] if self.validator.is_valid(value) else problems(self.validator, self.schema, value, at)


class Contract:
    """The schema of every step input; each is read when it is first asked for, and kept.

    Attributes:
        title, version, sha256, date: of the document it was made from; `date` is None when not known.
        changes: the overlay.
    """

    def __init__(
        self, index: Mapping[str, Any], read: Callable[[str], Schema], changes: Sequence[Change] = ()
    ) -> None:
        """Put a contract together.

        Args:
            index: the content of `index.json`.
            read: gives the schema of a leaf file, each time a new copy.
            changes: what is laid over it.
        """
        document = index["document"]
        self.title: str = document["title"]
        self.version: str = document["version"]
        self.sha256: str = document["sha256"]
        self.date: str | None = document["date"]
        self.changes = tuple(changes)
        self._index, self._read = index, read
        self._leaves: dict[str, Leaf] = {}
        self._checkers: dict[str, _Checker] = {}

    @cached_property
    def step_types(self) -> tuple[str, ...]:
        """Every `$type` that a step may have."""
        return tuple(self._trees)

    def leaf(self, step_type: str, input: Any) -> Leaf:
        """The leaf that `input` chooses with its discriminators.

        Raises:
            InvalidInput: there is no such step type, or a discriminator is unknown or missing.
        """
        found = self._find(step_type, input, "")
        if isinstance(found, Problem):
            raise InvalidInput(f"{found.field} {found.message}.", hint=found.hint, details=[found])
        return found[1]

    def leaves(self, step_type: str | None = None) -> Iterator[Leaf]:
        """Every leaf of one step type, or of all; reads a file each."""
        for one, tree in self._trees.items():
            if step_type in (None, one):
                yield from (self._leaf(one, file, chosen) for file, chosen in _walk(tree, {}))

    def check_step(self, step: Any, at: str = "steps[0]") -> list[Problem]:
        """What is wrong with one step; empty when the orchestrator takes it.

        Args:
            step: `{"$type": ..., "input": ..., ...}`.
            at: its place in the body, with which every problem's field begins.
        """
        if not isinstance(step, Mapping):
            return [Problem(at, "must be an object", short(step))]
        value = step if isinstance(step, dict) else dict(step)
        found = self._find(value.get("$type"), value.get("input"), at)
        if isinstance(found, Problem):
            own = self._own_keys.problems(value, at)
            return [found, *(problem for problem in own if problem.field != found.field)]
        return self._checker(*found).problems(value, at)

    def check_body(self, body: Any) -> list[Problem]:
        """What is wrong with a submit body: with its own keys, and with every step."""
        if not isinstance(body, Mapping):
            return [Problem("", "must be an object", short(body))]
        steps = body.get("steps")
        if not isinstance(steps, list):
            return self._body.problems(dict(body), "")
        found = self._body.problems({**body, "steps": [{}] * len(steps)}, "")
        return [
            *found,
            *(one for n, step in enumerate(steps) for one in self.check_step(step, f"steps[{n}]")),
        ]

    def stale(self) -> list[Change]:
        """Changes that change nothing: the document has caught up, or no longer has what they concern."""
        schemas: list[tuple[str, Mapping[str, str], Schema]] = [
            (template, {}, copy.deepcopy(self._index[template])) for template in ("body", "step")
        ]
        for step, tree in self._trees.items():
            schemas += [(step, chosen, self._read(file)) for file, chosen in _walk(tree, {})]
        return [change for change in self.changes if not (self._renames(change) or change.matters(schemas))]

    def _renames(self, change: Change) -> bool:
        tree = self._index["steps"].get(change.target, "")
        return bool(renamed(change.target, tree, [change]) != tree)

    @cached_property
    def _trees(self) -> dict[str, Tree]:
        return {step: renamed(step, tree, self.changes) for step, tree in self._index["steps"].items()}

    @cached_property
    def _step(self) -> Schema:
        return laid_over(copy.deepcopy(self._index["step"]), "step", {}, self.changes)

    @cached_property
    def _own_keys(self) -> _Checker:
        return _checker(own_keys_schema(self._step))

    @cached_property
    def _body(self) -> _Checker:
        return _checker(body_schema(laid_over(copy.deepcopy(self._index["body"]), "body", {}, self.changes)))

    def _find(self, step_type: Any, given: Any, at: str) -> tuple[str, Leaf] | Problem:
        """The file and the leaf of an input, discriminator by discriminator, or what stopped the search."""
        tree = self._trees.get(step_type) if isinstance(step_type, str) else None
        if tree is None:
            return unknown_choice(path(at, ["$type"]), step_type, self.step_types)
        chosen: dict[str, str] = {}
        while not isinstance(tree, str):
            if not isinstance(given, Mapping):
                fault = "is required" if given is None else "must be an object"
                return Problem(path(at, ["input"]), fault, short(given))
            by, to, value = tree["by"], tree["to"], given.get(tree["by"])
            choice = tree.get("default") if value is None else value
            if not isinstance(choice, str) or choice not in to:
                return unknown_choice(path(at, ["input", by]), value, tuple(to))
            chosen[by], tree = choice, to[choice]
        return tree, self._leaf(step_type, tree, chosen)

    def _leaf(self, step_type: str, file: str, chosen: Mapping[str, str]) -> Leaf:
        leaf = self._leaves.get(file)
        if leaf is None:
            schema = laid_over(self._read(file), step_type, chosen, self.changes)
            for by, value in chosen.items():
                schema["properties"][by]["enum"] = [value]
            leaf = Leaf(step_type, "--".join(chosen.values()) or "input", dict(chosen), schema)
            self._leaves[file] = leaf
        return leaf

    def _checker(self, file: str, leaf: Leaf) -> _Checker:
        checker = self._checkers.get(file)
        if checker is None:
            checker = _checker(step_schema(self._step, leaf.step_type, leaf.schema))
            self._checkers[file] = checker
        return checker


def load_contract(folder: Path | None = None) -> Contract:
    """The contract in `folder`, or civgen's own; the latter is loaded once.

    A folder without an overlay of its own gets civgen's, which is about the platform and not about one copy.

    Raises:
        InvalidFile: the folder holds no contract, or its overlay is wrong.
    """
    return _load(folder) if folder else _built_in()


def contract_of(pulled: PulledContract) -> Contract:
    """The contract that `pulled` would be once written, with civgen's overlay."""
    return Contract(
        index_of(pulled), lambda file: copy.deepcopy(pulled.leaves[file]), read_overlay(BUILT_IN / _OVERLAY)
    )


@cache
def _built_in() -> Contract:
    return _load(BUILT_IN)


def _load(folder: Path) -> Contract:
    own = folder / _OVERLAY
    changes = read_overlay(own if own.exists() else BUILT_IN / _OVERLAY)
    return Contract(read_index(folder), lambda file: read_json(folder / file), changes)


def _checker(schema: Schema) -> _Checker:
    return _Checker(schema, compiled(schema))


def _walk(tree: Tree, chosen: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    if isinstance(tree, str):
        yield tree, chosen
        return
    for value, below in tree["to"].items():
        yield from _walk(below, {**chosen, tree["by"]: value})
