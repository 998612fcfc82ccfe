"""Which rules there are, and which of them to run."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from civgen.errors import InvalidFile, InvalidInput, Problem, Where, did_you_mean, display_path
from civgen.lint import rules
from civgen.lint.rule import Rule


@cache
def all_rules() -> dict[str, type[Rule]]:
    """Every rule by its code, in the order of the codes.

    Raises:
        InvalidFile: a module has no rule or several, or two rules have the same code.
    """
    names = [f"{rules.__name__}.{module.name}" for module in pkgutil.iter_modules(rules.__path__)]
    return by_code(_rule_in(importlib.import_module(name)) for name in names)


def by_code(found: Iterable[type[Rule]]) -> dict[str, type[Rule]]:
    """Rules by code.

    Raises:
        InvalidFile: two rules have the same code; names both.
    """
    known: dict[str, type[Rule]] = {}
    for rule in found:
        if rule.code in known:
            first, second = known[rule.code], rule
            message = f"The code {rule.code} belongs to two rules: {_place(first)} and {_place(second)}."
            raise InvalidFile(
                message, hint="Give one of them the next free code.", where=Where(_file(second))
            )
        known[rule.code] = rule
    return dict(sorted(known.items()))


def choose(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[type[Rule]]:
    """The rules to run.

    Args:
        select: codes or beginnings of codes; none means all that need not be asked for.
        ignore: the same, taken away from those.

    Raises:
        InvalidInput: with everything that names no rule.
    """
    known = all_rules()
    problems = [
        Problem(option, "names no rule", given=word, hint=did_you_mean(word, known, _HINT))
        for option, words in (("--select", select), ("--ignore", ignore))
        for word in words
        if not any(_covers(word, code) for code in known)
    ]
    if problems:
        words = ", ".join(str(problem.given) for problem in problems)
        raise InvalidInput(f"No rule is called {words}.", hint=problems[0].hint, details=problems)
    return [
        rule
        for code, rule in known.items()
        if (rule.always or _is_selected(rule, select)) and not any(_covers(word, code) for word in ignore)
    ]


def _is_selected(rule: type[Rule], select: Sequence[str]) -> bool:
    if rule.on_request:
        return rule.code in map(str.upper, select)
    return not select or any(_covers(word, rule.code) for word in select)


_HINT = "`civgen lint --list-rules` shows all rules."


def _covers(word: str, code: str) -> bool:
    return bool(word) and code.startswith(word.upper())


def _rule_in(module: ModuleType) -> type[Rule]:
    found = [
        member
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, Rule) and member.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise InvalidFile(f"{module.__name__} must define one rule, and defines {len(found)}.")
    return found[0]


def _place(rule: type[Rule]) -> str:
    return f"{rule.name} in {_file(rule)}"


def _file(rule: type[Rule]) -> str:
    return display_path(Path(inspect.getfile(rule)))
