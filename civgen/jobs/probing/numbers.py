"""How one number follows from another: by a factor, a sum, or either rounded."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

Number = float | int

#: The rules a page can carry out, by the name it knows them by; the second number is the rule's own.
RULES: dict[str, Callable[[Number, Number], Number]] = {
    "*": operator.mul,
    "/": operator.truediv,
    "+": operator.add,
    "ceil*": lambda x, k: math.ceil(x * k),
    "floor*": lambda x, k: math.floor(x * k),
    "even*": lambda x, k: round(x * k),
    "up*": lambda x, k: math.floor(x * k + 0.5),
    "ceil/": lambda x, k: math.ceil(x / k),
}

#: Denominators tried for a factor behind a rounded number.
_DENOMINATORS = (1, 2, 4, 10, 100, 1000)


def rule_of(given: Sequence[Number], made: Sequence[Number]) -> tuple[str, Number] | None:
    """The first rule, with its own number, by which every given number makes its counterpart.

    >>> rule_of([832, 1216], [1248, 1824])
    ('*', 1.5)
    """
    if len(set(given)) < 2 or len(set(made)) < 2:
        return None
    least, most = given.index(min(given)), given.index(max(given))
    for name, own in _candidates(given, made):
        rule = RULES[name]
        if rule(given[least], own) != made[least] or rule(given[most], own) != made[most]:
            continue
        if all(rule(x, own) == y for x, y in zip(given, made, strict=True)):
            return name, own
    return None


def _candidates(given: Sequence[Number], made: Sequence[Number]) -> Iterator[tuple[str, Number]]:
    x, y = max(zip(given, made, strict=True), key=lambda pair: abs(pair[0]))
    if not x or not y:
        return
    factors = dict.fromkeys(_plain(Fraction(y / x).limit_denominator(one)) for one in _DENOMINATORS)
    divisors = dict.fromkeys(_plain(Fraction(x / y).limit_denominator(one)) for one in _DENOMINATORS)
    yield from (("*", one) for one in (*factors, y / x))
    yield from (("/", one) for one in divisors if one)
    yield "+", y - x
    for rounded in ("even*", "up*", "ceil*", "floor*"):
        yield from ((rounded, one) for one in factors)
    yield from (("ceil/", one) for one in divisors if one)


def _plain(one: Fraction) -> Number:
    return int(one) if one.denominator == 1 else float(one)
