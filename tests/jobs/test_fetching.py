"""A download is whole or not there: cut off, truncated, expired, or asked for twice."""

import asyncio
import http.server
import json
import threading
import urllib.request

import pytest
from jobs_server import TOKEN, as_somebody_new, served

from civgen.errors import Refused
from civgen.jobs.fetching import _alone, fetch_all
from civgen.orchestrator.answers import Workflow
from civgen.orchestrator.client import Orchestrator

CONTENT = "/v2/consumer/blobs/content/"


FAULTS = ["cut", "truncated", "502", "reset-before", "reset-after", "429", "html", "slow=1"]


def test_a_result_that_is_hard_to_get_is_whole_all_the_same(run, workspace, monkeypatch, tmp_path_factory):
    # The first download meets the first fault, the next one, behind a success, the second.
    plan = [{"fault": fault, "path": CONTENT, "skip": number} for number, fault in enumerate(FAULTS)]
    with served(tmp_path_factory.mktemp("server"), faults=plan) as url:
        as_somebody_new(url, workspace, monkeypatch)
        words = (
            "submit",
            "-e",
            "ZImageTurbo",
            "-p",
            "x",
            "--env",
            "prod",
            "--yes",
            "--max-cost",
            "99",
            "--json",
        )
        job = run(*words).json["id"]
        for number in range(len(FAULTS)):
            done = run("jobs", "download", job, "--wait", "--env", "prod", "--json", "--out", f"{number}")
            (file,) = done.json["files"]
            assert file["outcome"] == "downloaded", FAULTS[number]
            data = (workspace / file["file"]).read_bytes()
            assert data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9" and len(data) == file["bytes"]
            assert len(list((workspace / f"{number}").iterdir())) == 1
            assert TOKEN not in done.stdout + done.stderr
        with urllib.request.urlopen(f"{url}/sandbox/faults") as answer:
            dealt = json.load(answer)["dealt"]
        assert dealt.keys() == {fault.partition("=")[0] for fault in FAULTS}


DATA = bytes(range(256)) * 4000
DIES_AFTER = 300_000


class Host(http.server.BaseHTTPRequestHandler):
    """Gives a file under the address of now; the first answer stops in the middle."""

    protocol_version = "HTTP/1.1"
    address, asked = 1, []

    def do_GET(self):
        type(self).asked.append((self.path, self.headers.get("Range")))
        if self.path.startswith("/v2/"):
            type(self).address += 1
            body = json.dumps(workflow(self.server.server_port, self.address)).encode()
            self.give(200, body, {"Content-Type": "application/json"})
        elif self.path != f"/file-{self.address}":
            self.give(403, b"expired", {})
        else:
            self.give_file()

    def give_file(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        rest = DATA[start:]
        sends = rest[:DIES_AFTER] if start == 0 and self.server.dies else rest
        headers = {"Content-Range": f"bytes {start}-{len(DATA) - 1}/{len(DATA)}", "Content-Length": len(rest)}
        self.give(206, sends, headers)
        if len(sends) < len(rest):
            self.close_connection = True

    def give(self, status, body, headers):
        self.send_response(status)
        for name, value in ({"Content-Length": len(body)} | headers).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def workflow(port, address, **more):
    url = f"http://127.0.0.1:{port}/file-{address}"
    blob = {"id": "b.png", "type": "image", "available": True, "url": url, "nsfwLevel": "pg"} | more
    steps = [{"$type": "imageGen", "status": "succeeded", "output": {"images": [blob]}}]
    return {"id": "w", "status": "succeeded", "steps": steps}


@pytest.fixture
def host():
    Host.address, Host.asked = 1, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.dies = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(host, folder, attempts=3, **more):
    async def work():
        async with Orchestrator(f"http://127.0.0.1:{host.server_port}", attempts=attempts) as client:
            known = Workflow.model_validate(workflow(host.server_port, 1, **more))
            return [one async for one in fetch_all(known, client, folder, name="{id}-{n}")]

    return asyncio.run(work())


def test_what_was_cut_off_goes_on_where_it_stopped_within_a_run(host, tmp_path):
    host.dies = True
    (done,) = fetch(host, tmp_path)
    assert (done.outcome, done.size) == ("downloaded", len(DATA))
    assert (tmp_path / "w-1.png").read_bytes() == DATA
    starts = [int(asked[6:-1]) for _, asked in Host.asked]
    assert starts[0] == 0 and 0 < starts[1] <= DIES_AFTER


def test_what_was_cut_off_goes_on_where_it_stopped_in_another_run(host, tmp_path):
    host.dies = True
    (failed,) = fetch(host, tmp_path, attempts=1)
    assert failed.outcome == "failed" and not (tmp_path / "w-1.png").exists()
    kept = (tmp_path / ".b.png.part").stat().st_size
    assert 0 < kept <= DIES_AFTER
    (done,) = fetch(host, tmp_path, attempts=1)
    assert done.outcome == "downloaded" and (tmp_path / "w-1.png").read_bytes() == DATA
    assert [int(asked[6:-1]) for _, asked in Host.asked] == [0, kept]
    assert [path.name for path in tmp_path.iterdir()] == ["w-1.png"]


@pytest.mark.parametrize(("more", "refusals"), [({}, 1), ({"urlExpiresAt": "2020-01-01T00:00:00Z"}, 0)])
def test_an_address_that_has_expired_is_renewed_by_reading_the_job(host, tmp_path, more, refusals):
    Host.address = 5
    (done,) = fetch(host, tmp_path, **more)
    assert done.outcome == "downloaded" and (tmp_path / "w-1.png").read_bytes() == DATA
    assert [path for path, _ in Host.asked] == ["/file-1"] * refusals + [
        "/v2/consumer/workflows/w",
        "/file-6",
    ]


def test_a_file_that_is_complete_but_not_yet_named_is_not_fetched_twice(host, tmp_path):
    (tmp_path / ".b.png.part").write_bytes(DATA[:-1])
    (done,) = fetch(host, tmp_path)
    assert done.size == len(DATA) and Host.asked[0][1] == f"bytes={len(DATA) - 1}-"


def test_a_file_that_appears_meanwhile_is_not_overwritten(host, tmp_path, monkeypatch):
    import civgen.jobs.fetching as fetching

    put = fetching._put

    def late(part, path):
        path.write_text("mine")
        put(part, path)

    monkeypatch.setattr(fetching, "_put", late)
    (done,) = fetch(host, tmp_path)
    assert done.outcome == "failed" and isinstance(done.error, Refused)
    assert (tmp_path / "w-1.png").read_text() == "mine"


def test_two_do_not_download_the_same_file_at_once(host, tmp_path):
    with _alone(tmp_path / ".b.png.part"):
        (done,) = fetch(host, tmp_path)
    assert done.outcome == "failed" and "another process" in done.error.message
