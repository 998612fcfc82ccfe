"""When a submission goes out again, under what, and what is known of it afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from civgen.errors import CivgenError, InvalidInput, NotAuthorised, RateLimited, Unavailable
from civgen.jobs.sending import Patience, Sender
from civgen.orchestrator.answers import Workflow

BODY = {"steps": [], "externalId": "one"}
QUICK = Patience(attempts=4, first=0.001, longest=0.002)
DONE = Workflow(id="w")
LOST = Unavailable("Submitting: no answer.")
UNSENT = Unavailable("Submitting: no answer.", hint="Nothing was sent.")
BUSY = RateLimited("Submitting: too many.", data={"retryAfter": 0.05})
WRONG = InvalidInput("Submitting: it is wrong.")
POOR = NotAuthorised("Submitting: insufficient funds.")


class Script:
    """An orchestrator that answers as it was told to."""

    def __init__(self, *answers: Workflow | CivgenError) -> None:
        self.asked: list[dict[str, Any]] = []
        self.at_once = self.most = 0
        self._answers = list(answers)

    async def submit(self, body: dict[str, Any]) -> Workflow:
        self.asked.append(body)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        answer = self._answers.pop(0) if self._answers else DONE
        if isinstance(answer, CivgenError):
            raise answer
        return answer


def send(script: Script, **how: Any) -> Workflow:
    return asyncio.run(_send(script, **how))


async def _send(script: Script, **how: Any) -> Workflow:
    return await Sender(script, patience=QUICK).send(BODY, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("answers", [[LOST], [BUSY], [UNSENT, LOST, BUSY]])
def test_it_goes_out_again_under_the_same_id_until_there_is_an_answer(answers: list[CivgenError]) -> None:
    script = Script(*answers)
    assert send(script) is DONE
    assert script.asked == [BODY] * (len(answers) + 1)


@pytest.mark.parametrize(
    ("answers", "in_doubt", "kind", "settled"),
    [
        ([WRONG], False, InvalidInput, True),
        ([POOR], False, NotAuthorised, True),
        ([BUSY, WRONG], False, InvalidInput, True),
        ([UNSENT, POOR], False, NotAuthorised, True),
        ([LOST, WRONG], False, Unavailable, False),
        ([LOST, POOR], False, Unavailable, False),
        ([WRONG], True, Unavailable, False),
        ([LOST] * 4, False, Unavailable, False),
        ([UNSENT] * 4, False, Unavailable, True),
        ([BUSY, LOST, BUSY, BUSY], False, RateLimited, False),
    ],
)
def test_a_refusal_settles_it_only_if_nothing_was_lost_before(
    answers: list[CivgenError], in_doubt: bool, kind: type[CivgenError], settled: bool
) -> None:
    fresh = [type(one)(one.message, hint=one.hint, data=one.data) for one in answers]
    with pytest.raises(CivgenError) as caught:
        send(Script(*fresh), in_doubt=in_doubt)
    assert type(caught.value) is kind
    assert ("accepted all the same" in (caught.value.hint or "")) is not settled


def test_a_rate_limit_that_one_meets_holds_all_back() -> None:
    async def main() -> float:
        script = Script(BUSY)
        sender = Sender(script, 2, QUICK)  # type: ignore[arg-type]
        first = asyncio.create_task(sender.send(BODY))
        await asyncio.sleep(0.01)
        before = asyncio.get_running_loop().time()
        await asyncio.gather(first, *(sender.send(BODY) for _ in range(4)))
        return asyncio.get_running_loop().time() - before

    assert asyncio.run(main()) > 0.03


def test_no_more_go_out_at_once_than_was_said() -> None:
    async def main() -> int:
        script = Script()
        sender = Sender(script, 3, QUICK)  # type: ignore[arg-type]
        await asyncio.gather(*(sender.send(BODY) for _ in range(20)))
        return script.most

    assert asyncio.run(main()) == 3


def test_pauses_grow_and_vary_and_an_answer_may_ask_for_longer_ones() -> None:
    patience = Patience(first=1, longest=10)
    for attempt, limit in ((1, 1), (2, 2), (4, 8), (9, 10)):
        pauses = {patience.pause(attempt, LOST) for _ in range(50)}
        assert len(pauses) > 1 and all(limit / 2 <= one <= limit for one in pauses)
    assert patience.pause(1, RateLimited("", data={"retryAfter": 60})) == 60
    assert patience.pause(1, RateLimited("", data={"retryAfter": 9999})) == 120
