"""A process of its own that lets children apply a plan: kills them, or lets many do so at once.

Run as `python crash.py kill|race ROOT URL ...`; answers one JSON document. Children are forked, so that each
has everything loaded and only what is about the database takes time.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from team import Team

from civgen.db.apply import apply_plan
from civgen.errors import Refused

TWO = ("id = 900001\nlabel = 'v1'", "id = 900002\nlabel = 'v2'\ncoverage = 'external'")
ONE = ("id = 900001\nlabel = 'v1, renamed'",)


def kill(team: Team, points: int, seed: int) -> dict[str, object]:
    """Apply one plan and then the other again and again, and kill each try at a random call.

    A try that was killed before it was written is made again, so that both directions are met.
    """
    chance = random.Random(seed)
    states, catalogs = {}, {}
    for name, versions in (("two", TWO), ("one", ONE)):
        team.say(versions=versions)
        team.apply(prune=True)
        states[name], catalogs[name] = json.dumps(rows_of(team)), team.catalog
    now, seen = "one", Counter[str]()
    team.catalog = catalogs["two"]
    count_calls(team)  # once for what is only done the first time
    calls = count_calls(team)
    for number in range(points):
        target = "two" if now == "one" else "one"
        team.catalog = catalogs[target]
        # Every other point lies near the end, where what is written becomes true.
        point = calls - chance.randrange(calls // 50) if number % 2 else chance.randrange(calls)
        ended = run_child(lambda at=point: apply_until(team, at))  # type: ignore[misc]
        found = json.dumps(rows_of(team))
        if found not in (states[now], states[target]):
            return {"between": found}
        seen["after" if found == states[target] else "before"] += 1
        seen["killed" if ended == -signal.SIGKILL else "lived"] += 1
        # Whoever comes next can write at once: no lock is left.
        with team.database.writing():
            pass
        now = target if found == states[target] else now
    return {"calls": calls, **seen}


def race(team: Team, many: int) -> dict[str, object]:
    """Let many children, each with the plan in hand, apply it at the same moment."""
    plan, database = team.plan(), team.database
    ready, go = os.pipe()
    children = [
        fork(lambda: after(ready, lambda: try_to(team, plan, database)), close=go) for _ in range(many)
    ]
    os.close(go)
    said = Counter(("applied", "nothing", "refused", "failed")[min(wait(child), 3)] for child in children)
    return dict(said)


def try_to(team: Team, plan: object, database: object) -> int:
    try:
        return 0 if apply_plan(database, team.catalog, plan) else 1  # type: ignore[arg-type]
    except Refused:
        return 2


def after(ready: int, work: Callable[[], int]) -> int:
    """Wait until the pipe is closed on the other side, then work."""
    os.read(ready, 1)
    return work()


def rows_of(team: Team) -> list[object]:
    """What the platform's tables say, times apart, and how many plans are on record with them."""
    times = ("createdAt", "updatedAt", "lastVersionAt", "publishedAt", "initialPublishedAt")
    return [team.everything(but=times), team.owned()]


def apply_until(team: Team, call: int) -> int:
    """Apply, and end this process for good at a call of a function."""
    plan, left = team.plan(prune=True), call

    def on_event(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(on_event)
    apply_plan(team.database, team.catalog, plan, allow_many=True)
    return 0


def count_calls(team: Team) -> int:
    """How many calls an apply takes; it is taken back."""
    plan, count = team.plan(prune=True), 0

    def on_event(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(on_event)
    try:
        assert apply_plan(team.database, team.catalog, plan, allow_many=True)
    finally:
        sys.setprofile(None)
    team.rollback()
    return count


def fork(work: Callable[[], int], close: int | None = None) -> int:
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        if close is not None:
            os.close(close)
        code = work()
    finally:
        os._exit(code)


def run_child(work: Callable[[], int]) -> int:
    return wait(fork(work))


def wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    what, root, url, *numbers = sys.argv[1:]
    work = {"kill": kill, "race": race}[what]
    print(json.dumps(work(Team(Path(root), url), *map(int, numbers))))  # type: ignore[operator]
