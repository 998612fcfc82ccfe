"""Two threads in each of two processes on one workspace: nothing is lost, damaged or stuck."""

import json
import subprocess
import sys
import tomllib

from civgen import Workspace

#: What each thread does, again and again: add, plan and apply, price and submit.
WORKER = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from civgen import Workspace
from civgen.errors import Refused

REQUEST = {"ecosystem": "Veo3", "prompt": "a lighthouse", "duration": 8}
here, process, rounds = Workspace.open(), int(sys.argv[1]), int(sys.argv[2])

def work(thread):
    jobs = []
    for number in range(rounds):
        key = f"Nova{process}{thread}{number}"
        here.add.base_model(
            name=f"{key} XL", ecosystem=key, parent="SDXL", license="CreativeML Open RAIL++-M",
            checkpoint=9_100_000 + process * 10_000 + thread * 100 + number, model_id=number + 2,
            write=True,
        )
        here.add.version(
            "Nova", checkpoint=9_500_000 + process * 10_000 + thread * 100 + number, model_id=1, label=key,
            write=True,
        )
        while True:
            try:
                here.db.apply(here.db.plan())
                break
            except Refused:
                continue  # somebody else was faster: plan again
        jobs.append(here.submit(REQUEST, token=here.whatif(REQUEST).offer.token).workflow.id)
    return jobs

with ThreadPoolExecutor(2) as pool:
    print(json.dumps([job for jobs in pool.map(work, range(2)) for job in jobs]))
"""
ROUNDS = 2


def test_threads_and_processes_on_one_workspace(workspace):
    here = Workspace.open()
    license = "CreativeML Open RAIL++-M"
    here.add.base_model(
        name="Nova XL",
        ecosystem="Nova",
        parent="SDXL",
        license=license,
        checkpoint=9000101,
        model_id=1,
        write=True,
    )
    command = [sys.executable, "-c", WORKER]
    started = [
        subprocess.Popen([*command, str(one), str(ROUNDS)], stdout=subprocess.PIPE, text=True)
        for one in range(2)
    ]
    said = [one.communicate(timeout=120)[0] for one in started]
    assert [one.returncode for one in started] == [0, 0]

    count = 2 * 2 * ROUNDS
    jobs = [job for line in said for job in json.loads(line)]
    assert len(set(jobs)) == count
    assert {one.id for one in here.jobs.list(limit=100).jobs} == set(jobs)

    files = [tomllib.loads(file.read_text()) for file in (workspace / "ecosystems").glob("*.toml")]
    own = [one for one in files if one["key"] != "Nova"]
    assert len(own) == count
    assert (
        len({one["id"] for one in files}) == len({one["base_models"][0]["id"] for one in files}) == count + 1
    )
    nova = next(one for one in files if one["key"] == "Nova")
    assert len(nova["versions"]) == count + 1
    assert here.lint().counts["error"] == 0
    assert not here.db.plan().changes
