"""Submissions a second beside a bare aiohttp loop, each journalled first; and the memory of a long batch."""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, most_memory

MANY = 2000
AT_ONCE = 64
TURNS = 7
LONG = 100_000
MEMORY = 200
_PATH = "/v2/consumer/workflows"


def rows() -> Iterator[Row]:
    """Submit prepared requests in turns with the peer; then stream a long batch without a network."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as url:
        turns = [(_civgen(url, Path(folder) / f"turn{n}"), _bare(url, f"bare{n}")) for n in range(TURNS)]
    ours, theirs = (statistics.median(side) for side in zip(*turns, strict=True))
    yield Row(f"{MANY} submits, {AT_ONCE} at once", ours, "a bare aiohttp loop", theirs, "/s")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.submit"], capture_output=True, text=True, check=True
    )
    yield Row(f"memory of {LONG:,} lines", float(done.stdout), "what is allowed", MEMORY, "MB")


def _body(number: int) -> dict[str, Any]:
    air = "urn:air:sdxl:checkpoint:civitai:101055@128078"
    shape = {"width": 1024, "height": 1024, "quantity": 1, "batchSize": 1}
    given = {
        "model": air,
        "prompt": f"a red fox {number}",
        "seed": number + 1,
        "scheduler": "eulerA",
        **shape,
    }
    step = {"$type": "textToImage", "input": {**given, "steps": 25, "cfgScale": 7}}
    return {"steps": [step], "tags": ["civgen"], "currencies": ["yellow"]}


def _bare(url: str, name: str) -> float:
    """Submissions a second of a loop that does nothing but send and read."""
    import aiohttp

    bodies = iter([{**_body(number), "externalId": f"{name}-{number}"} for number in range(MANY)])

    async def main() -> float:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

            async def work() -> None:
                for body in bodies:
                    async with session.post(url + _PATH, json=body) as answer:
                        answer.raise_for_status()
                        await answer.json()

            started = time.perf_counter()
            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
            return MANY / (time.perf_counter() - started)

    return asyncio.run(main())


def _civgen(url: str, folder: Path) -> float:
    """The same, journalled before it is sent, by a run of a batch."""
    from civgen.orchestrator.client import Orchestrator

    bodies = [_body(number) for number in range(MANY)]

    async def main() -> float:
        async with Orchestrator(url, connections=2 * AT_ONCE) as client:
            started = time.perf_counter()
            await _run(client, folder, bodies.__getitem__, MANY)
            return MANY / (time.perf_counter() - started)

    return asyncio.run(main())


async def _run(client: Any, folder: Path, body: Any, total: int) -> None:
    from civgen.jobs.batches.begin import begin_batch
    from civgen.jobs.batches.book import Terms
    from civgen.jobs.batches.budget import Budget
    from civgen.jobs.batches.prepare import Prepared
    from civgen.jobs.batches.run import Run
    from civgen.jobs.journal import Journal
    from civgen.jobs.sending import Sender
    from civgen.jobs.slots import Slots

    async def prepare(line: Mapping[str, Any]) -> Prepared:
        ready = body(line["id"])

        async def posted(_: Any) -> Mapping[str, Any]:
            return ready

        return Prepared(ready, posted)

    journal = Journal(folder / "journal.sqlite")
    lines = (json.dumps({"id": number, "request": {}}) for number in range(total))
    batch = begin_batch(lines, "-", "bench", Terms(concurrency=AT_ONCE), journal)
    async with journal.grouped() as group:
        sender, slots = Sender(client, AT_ONCE), Slots(client, None)
        run = Run(batch, folder, prepare, client, sender, slots, group, Budget(None), priced=False)
        async for outcome in run.outcomes():
            if not outcome.ok:
                sys.exit(f"failed: {outcome.answer}")


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    (folder / "civgen.toml").write_text("")
    words = [sys.executable, "-m", "civgen", "sandbox", "serve", "--port", "0"]
    server = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert server.stderr is not None
    found = re.search(r"http://[\d.:]+\d", server.stderr.readline())
    assert found is not None
    try:
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=10)


def _long() -> float:
    """Megabytes at the most, of a process that runs a long batch against a wire that answers at once."""
    import httpx

    from civgen.orchestrator.client import Orchestrator

    def answer(request: httpx.Request) -> httpx.Response:
        external_id = json.loads(request.content)["externalId"]
        return httpx.Response(202, json={"id": f"w-{external_id}", "status": "unassigned"})

    async def main(folder: Path) -> None:
        async with Orchestrator("http://127.0.0.1:1", transport=httpx.MockTransport(answer)) as client:
            await _run(client, folder, _body, LONG)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder)))
    return most_memory()


if __name__ == "__main__":
    print(_long())
