"""Which step input of the orchestrator's contract an engine is to build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.orchestrator.contract import Contract, Leaf

#: The discriminator by which a step input names its engine.
ENGINE = "engine"


def step_types(contract: Contract) -> dict[str, list[str]]:
    """Step types whose inputs name an engine, each with the engines it knows."""
    known: dict[str, dict[str, None]] = {}
    for step in contract.step_types:
        for leaf in contract.leaves(step):
            if ENGINE in leaf.discriminators:
                known.setdefault(step, {})[leaf.discriminators[ENGINE]] = None
    return {step: list(engines) for step, engines in known.items()}


def choose_leaf(contract: Contract, step: str, wire: str, chosen: Mapping[str, str]) -> Leaf:
    """The step input that the answers choose.

    Args:
        wire: what the contract calls the engine.
        chosen: values of further discriminators, such as `operation`; one that the contract has a
            default or only one value for may be left out.

    Raises:
        InvalidInput: there is none, or a choice is missing or unknown; names what there is to choose from.
    """
    problems = list(_unknown(contract, step, wire, chosen))
    if problems:
        raise InvalidInput(problems[0].message, hint=problems[0].hint, details=problems)
    try:
        return contract.leaf(step, {**chosen, ENGINE: wire})
    except InvalidInput as error:
        (problem,) = error.details
        name = problem.field.rpartition(".")[2]
        if name not in chosen and problem.allowed and len(problem.allowed) == 1:
            return choose_leaf(contract, step, wire, {**chosen, name: problem.allowed[0]})
        choices = ", ".join(map(str, problem.allowed or ()))
        hint = f"Pass --set {name}=…: one of {choices}."
        open_choice = Problem("--set", f"must say the {name}", chosen.get(name), problem.allowed, hint)
        message = f"The contract has several inputs for {wire}: --set must say the {name}."
        raise InvalidInput(message, hint=hint, details=[open_choice]) from None


def others(contract: Contract, leaf: Leaf) -> Iterator[Leaf]:
    """The other step inputs of the same engine."""
    for one in contract.leaves(leaf.step_type):
        if one.discriminators.get(ENGINE) == leaf.discriminators[ENGINE] and one.name != leaf.name:
            yield one


def _unknown(contract: Contract, step: str, wire: str, chosen: Mapping[str, str]) -> Iterator[Problem]:
    known = step_types(contract)
    if step not in known:
        hint = did_you_mean(step, known, f"Known: {', '.join(known)}")
        yield Problem("--step", f"no step type {step} names an engine", step, list(known), hint)
    elif wire not in known[step]:
        hint = did_you_mean(wire, known[step], f"The contract knows: {', '.join(known[step])}.")
        yield Problem("--wire", f"{step} has no engine {wire} in the contract", wire, known[step], hint)
    else:
        names = {
            name
            for leaf in contract.leaves(step)
            if leaf.discriminators[ENGINE] == wire
            for name in leaf.discriminators
        }
        for name in chosen.keys() - names:
            choices = sorted(names - {ENGINE})
            hint = did_you_mean(name, choices, f"There is: {', '.join(choices) or 'nothing'}.")
            yield Problem("--set", f"{wire} has no choice {name}", name, choices, hint)
