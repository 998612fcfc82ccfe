"""Which step inputs of the orchestrator's contract an engine is to build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.orchestrator.contract import Contract, Leaf

#: The discriminator by which a step input names its engine.
ENGINE = "engine"
#: The discriminator that tells the inputs of one model apart.
OPERATION = "operation"


def step_types(contract: Contract) -> dict[str, list[str]]:
    """Step types whose inputs name an engine, each with the engines it knows."""
    known: dict[str, dict[str, None]] = {}
    for step in contract.step_types:
        for leaf in contract.leaves(step):
            if ENGINE in leaf.discriminators:
                known.setdefault(step, {})[leaf.discriminators[ENGINE]] = None
    return {step: list(engines) for step, engines in known.items()}


def choose_leaves(contract: Contract, step: str, wire: str, chosen: Mapping[str, str]) -> list[Leaf]:
    """The step inputs that the answers choose: one, or those that differ in their operation only.

    Args:
        wire: what the contract calls the engine.
        chosen: values of further discriminators, such as `model`; one that has only one value may be left
            out, and without `operation` all operations are meant.

    Raises:
        InvalidInput: there is none, or a choice is missing or unknown; names what there is to choose from.
    """
    if problems := list(_unknown(contract, step, wire, chosen)):
        raise InvalidInput(problems[0].message, hint=problems[0].hint, details=problems)
    fitting = [leaf for leaf in _inputs(contract, step, wire) if _fits(leaf, chosen)]
    for name in (name for leaf in fitting for name in leaf.discriminators):
        values = list(dict.fromkeys(leaf.discriminators.get(name) for leaf in fitting))
        if name != OPERATION and len(values) > 1:
            raise _open(wire, name, [value for value in values if value is not None])
    return fitting


def others(contract: Contract, leaves: Sequence[Leaf]) -> Iterator[Leaf]:
    """The other step inputs of the same engine."""
    first, names = leaves[0], {leaf.name for leaf in leaves}
    if ENGINE in first.discriminators:
        for one in _inputs(contract, first.step_type, first.discriminators[ENGINE]):
            if one.name not in names:
                yield one


def siblings(contract: Contract, leaf: Leaf) -> list[Leaf]:
    """All step inputs that differ from this one in their operation at most, itself included."""
    alike = {name: value for name, value in leaf.discriminators.items() if name != OPERATION}
    return [one for one in _inputs(contract, leaf.step_type, alike.get(ENGINE)) if _fits(one, alike)]


def _inputs(contract: Contract, step: str, wire: str | None) -> Iterator[Leaf]:
    """The step inputs of an engine, one an operation."""
    for leaf in contract.leaves(step):
        if leaf.discriminators.get(ENGINE) == wire:
            yield from _spread(leaf)


def _spread(leaf: Leaf) -> Iterator[Leaf]:
    """A step input that offers operations as a plain property, as one for each of them."""
    properties = leaf.schema.get("properties", {})
    if OPERATION in leaf.discriminators or OPERATION not in properties:
        yield leaf
        return
    for value in properties[OPERATION].get("enum", ()):
        own = {**properties, OPERATION: {"enum": [value]}}
        yield replace(
            leaf,
            name=f"{leaf.name}--{value}",
            discriminators={**leaf.discriminators, OPERATION: value},
            schema={**leaf.schema, "properties": own},
        )


def _fits(leaf: Leaf, chosen: Mapping[str, str]) -> bool:
    return all(leaf.discriminators.get(name) == value for name, value in chosen.items())


def _open(wire: str, name: str, values: Sequence[str]) -> InvalidInput:
    hint = f"Pass --set {name}=…: one of {', '.join(values)}."
    problem = Problem("--set", f"must say the {name}", None, list(values), hint)
    message = f"The contract has several inputs for {wire}: --set must say the {name}."
    return InvalidInput(message, hint=hint, details=[problem])


def _unknown(contract: Contract, step: str, wire: str, chosen: Mapping[str, str]) -> Iterator[Problem]:
    known = step_types(contract)
    if step not in known:
        hint = did_you_mean(step, known, f"Known: {', '.join(known)}")
        yield Problem("--step", f"no step type {step} names an engine", step, list(known), hint)
    elif wire not in known[step]:
        hint = did_you_mean(wire, known[step], "Pass --wire NAME: `civgen contract list` shows them all.")
        yield Problem("--wire", f"{step} has no engine {wire} in the contract", wire, known[step], hint)
    else:
        yield from _unknown_choices(wire, list(_inputs(contract, step, wire)), chosen)


def _unknown_choices(wire: str, leaves: Sequence[Leaf], chosen: Mapping[str, str]) -> Iterator[Problem]:
    names = {name for leaf in leaves for name in leaf.discriminators}
    for number, (name, value) in enumerate(chosen.items()):
        if name not in names or name == ENGINE:
            choices = sorted(names - {ENGINE})
            hint = did_you_mean(name, choices, f"There is: {', '.join(choices) or 'nothing'}.")
            yield Problem("--set", f"{wire} has no choice {name}", name, choices, hint)
            continue
        before = dict(list(chosen.items())[:number])
        fitting = [leaf for leaf in leaves if _fits(leaf, before)]
        values = list(
            dict.fromkeys(leaf.discriminators[name] for leaf in fitting if name in leaf.discriminators)
        )
        if fitting and value not in values:
            hint = did_you_mean(value, values, f"One of {', '.join(values)}.")
            yield Problem("--set", f"{wire} has no {name} {value}", value, values, hint)
