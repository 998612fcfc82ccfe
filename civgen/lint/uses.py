"""What of the contract is built: its leaves, each with the engines that send it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from civgen.lint.house import House
from civgen.lint.sources import ENGINES_HOME, Sources
from civgen.orchestrator.contract import Leaf
from civgen.orchestrator.contract.diff import leaf_name
from civgen.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Use:
    """A leaf of the contract.

    Attributes:
        engines: keys of the engines that were seen to send it, and whether each is built in.
    """

    leaf: Leaf
    engines: dict[str, bool]

    def as_json(self) -> dict[str, Any]:
        """`{"leaf", "step", "discriminators", "engines": [{"engine", "built_in"}]}`."""
        return {
            "leaf": leaf_name(self.leaf),
            "step": self.leaf.step_type,
            "discriminators": dict(self.leaf.discriminators),
            "engines": [{"engine": key, "built_in": said} for key, said in self.engines.items()],
        }


def uses(workspace: Workspace, step_type: str | None = None) -> Iterator[Use]:
    """Every leaf, in the contract's order.

    What an engine sends is found by filling in the forms of its ecosystems in every way that makes a
    difference, so an engine that no ecosystem uses is seen to send nothing.

    Args:
        step_type: only the leaves of this type.
    """
    house = House(Sources(workspace))
    engines: dict[str, dict[str, bool]] = defaultdict(dict)
    for maker in house.makers:
        if step_type in (None, maker.engine.step_type) or maker.ecosystem is None:
            is_built_in = maker.source.path.is_relative_to(ENGINES_HOME)
            for sent in house.sent(maker):
                engines[leaf_name(sent.leaf)][maker.engine.key] = is_built_in
    for leaf in house.platform.contract.leaves(step_type):
        yield Use(leaf, dict(sorted(engines[leaf_name(leaf)].items())))
