"""Conditions as data: when does a change to a field apply?

A condition is a mapping of names to tests, all of which must hold. Names are the keys of the facts
at hand: `workflow`, `tier`, `feature`, and every field declared before the one that asks.

    match  = { workflow = ["img2vid", "img2vid:ref2vid"] }   one of the listed values
    match  = { images = { min = 1 } }                        a number, or how many entries a list has
    match  = { feature = "wan22MultiStep" }                  a single value stands for a list of one
    match  = { video = { given = true } }                    whether there is one at all
    unless = { resolution = "4K" }                           the opposite
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled `match` and `unless`; calling it with facts answers whether it holds.

    Attributes:
        written: the two mappings as they were given, by name: `match`, `unless`.
    """

    match: tuple[tuple[str, Test], ...] = ()
    unless: tuple[tuple[str, Test], ...] = ()
    written: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)

    def __call__(self, facts: Facts) -> bool:
        """Whether every test of `match` holds and not every test of `unless` does."""
        return _all(self.match, facts) and not (self.unless and _all(self.unless, facts))

    @property
    def names(self) -> frozenset[str]:
        """The facts it asks about."""
        return frozenset(name for name, _ in (*self.match, *self.unless))

    @property
    def tests(self) -> tuple[tuple[str, Test], ...]:
        """All its tests, each with the name of what it asks about."""
        return (*self.match, *self.unless)


def condition(match: Mapping[str, Any] | None = None, unless: Mapping[str, Any] | None = None) -> Condition:
    """Compile a condition from its two mappings."""
    written = {name: said for name, said in (("match", match), ("unless", unless)) if said}
    return Condition(_compiled(match or {}), _compiled(unless or {}), written)


def _compiled(said: Mapping[str, Any]) -> tuple[tuple[str, Test], ...]:
    return tuple((name, _test(wanted)) for name, wanted in said.items())


#: The condition of what always holds.
ALWAYS = Condition()


def plain(value: Any) -> Any:
    """What of a value is compared: a size's `value`, a model's `id`, a video's `url`, else itself."""
    if isinstance(value, dict):
        return next((value[name] for name in ("value", "id", "url") if name in value), None)
    return value


def _all(tests: tuple[tuple[str, Test], ...], facts: Facts) -> bool:
    # A plain loop: every field of every form asks, and a generator would cost more than the tests.
    for name, test in tests:  # noqa: SIM110
        if not test(plain(facts.get(name))):
            return False
    return True


def _test(wanted: Any) -> Test:
    if isinstance(wanted, Mapping):
        if "given" in wanted:
            return lambda value: (value not in (None, [])) is wanted["given"]
        low, high = wanted.get("min"), wanted.get("max")
        return lambda value: _within(value, low, high)
    allowed = wanted if isinstance(wanted, list | tuple) else (wanted,)
    return lambda value: _among(value, allowed)


def _among(value: Any, allowed: Iterable[Any]) -> bool:
    if isinstance(value, set | frozenset | list | tuple):
        return any(one in value for one in allowed)
    return value in allowed


def _within(value: Any, low: float | None, high: float | None) -> bool:
    size = len(value) if isinstance(value, list | tuple) else 0 if value is None else value
    return (low is None or size >= low) and (high is None or size <= high)
