"""Media of a request: stand-ins before, uploads on submitting, sizes where a form needs them."""

import asyncio
import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.errors import AnswerIsNo, InvalidInput
from civgen.jobs.journal import Journal
from civgen.jobs.media import remote
from civgen.jobs.media.finding import MediaReader
from civgen.jobs.media.remote import is_public, read_measures
from civgen.jobs.media.uploads import with_uploads
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview
from civgen.jobs.submit import submit
from civgen.orchestrator.answers import Blob
from civgen.sandbox.connect import connect
from civgen.sandbox.media import draw
from civgen.workspace import open_workspace

WAN = {"ecosystem": "WanVideo14B_I2V_480p", "workflow": "img2vid", "prompt": "x", "seed": 1}
VEO = {"ecosystem": "Veo3", "workflow": "img2vid:ref2vid", "prompt": "x", "seed": 1}
SDXL = {"ecosystem": "SDXL", "workflow": "txt2img", "prompt": "x", "seed": 1}
EDIT = {"ecosystem": "Seedream", "workflow": "img2img:edit", "prompt": "x", "seed": 1}


def reading(**what):
    return Platform(Catalog(), Engines(), media=MediaReader(**what))


@pytest.fixture
def local():
    return reading(files=True)


def problems(raw, platform):
    with pytest.raises(InvalidInput) as caught:
        preview(raw, platform)
    return {(one.field, one.message) for one in caught.value.details}


class Orchestrator:
    """Takes uploads, and counts them."""

    url = "https://example.org"

    def __init__(self, **blob):
        self.taken, self.blob = [], {"available": True, "url": "https://example.org/blob"} | blob

    async def upload(self, data, content_type):
        await asyncio.sleep(0)
        self.taken.append((len(data), content_type))
        return Blob.model_validate({"id": f"b{len(self.taken)}", "type": "image", **self.blob})


@pytest.mark.parametrize(
    "image", ["fox.png", {"url": "fox.png"}, {"url": "fox.png", "width": 384, "height": 512}]
)
def test_a_file_stands_in_the_body_by_a_stand_in_and_tells_the_ratio(files, local, image):
    ready = preview({**WAN, "images": [image]}, local)
    (stand_in,) = ready.body["steps"][0]["input"]["images"]
    assert stand_in.startswith("https://not-uploaded-yet.invalid/fox.png")
    assert (ready.values["aspectRatio"]["value"], ready.values["images"][0]["width"]) == ("2:3", 384)
    assert ready.request.media.waiting == [
        f"images[0] (fox.png, image/png, {(files / 'fox.png').stat().st_size:,} bytes) is not uploaded yet: "
        "submitting does that"
    ]


def test_every_field_with_media_takes_files(files, local):
    net = {"preprocessor": "canny", "image": "fox.png"}
    first, _main = preview({**SDXL, "controlNets": [net]}, local).body["steps"]
    assert first["input"]["image"].startswith("https://not-uploaded-yet.invalid/")
    tool = preview({"workflow": "vid2vid:upscale", "video": "fox.mp4"}, local)
    assert tool.steps[0].source == {"width": 128, "height": 72, "fps": 2, "duration": 4}
    assert preview({**VEO, "images": ["fox.png"]}, local).body["steps"][0]["input"]["aspectRatio"] == "9:16"
    graph = preview({**SDXL, "workflow": "img2img", "images": ["fox.png"]}, local).body["steps"][0]["input"]
    assert "not-uploaded-yet" in json.dumps(graph["comfyWorkflow"])


def test_all_that_is_wrong_with_media_is_said_at_once_beside_the_rest(files, local):
    images = [
        "gone.png",
        "fox.mp4",
        "ftp://x/y.png",
        {"url": "fox.png", "width": 5, "height": 512},
        {"width": 1},
    ]
    found = problems({**VEO, "images": images[:4], "duration": 3}, local)
    assert {field for field, _ in found} == {"images[0]", "images[1]", "images[2]", "images[3]", "duration"}
    assert ("images[3]", "(fox.png) has width 384") in found
    assert {field for field, _ in problems({**VEO, "images": images[4:]}, local)} == {"images"}
    assert problems({**SDXL, "controlNets": [{"preprocessor": "canny", "image": "gone.png"}]}, local) == {
        ("controlNets[0].image", "(gone.png) is neither a URL nor a file that is there")
    }


def test_where_requests_may_come_from_anyone_no_file_is_read(files, platform):
    assert problems({**WAN, "images": ["fox.png"]}, platform) == {("images[0]", "(fox.png) is no URL")}


def test_a_size_is_asked_for_only_where_something_hangs_on_it(platform):
    url = "https://example.org/fox.png"
    needed = {("images[0]", "must have width and height, which the form needs")}
    assert problems({**WAN, "images": [url]}, platform) == needed
    assert problems({**VEO, "images": [url]}, platform) == needed
    assert preview({**EDIT, "images": [url]}, platform).body["steps"][0]["input"]["images"] == [url]
    upscaling = {
        "workflow": "img2img:upscale",
        "upscaler": {"id": 1},
        "images": [{"url": url, "width": 9, "height": 9}, url],
    }
    assert ("images[1]", "must have width and height, which the form needs") in problems(upscaling, platform)
    ready = preview({"workflow": "vid2vid:upscale", "video": "https://example.org/x.mp4"}, platform)
    assert ready.request.media.open


def test_the_same_content_goes_up_once_whoever_names_it(files, local):
    (files / "again.png").write_bytes((files / "fox.png").read_bytes())
    orchestrator, told = Orchestrator(), []
    lines = [{**VEO, "images": ["fox.png", "again.png", "fox.jpeg"]}, {**WAN, "images": ["fox.png"]}]

    async def main():
        return await asyncio.gather(
            *(with_uploads(preview(one, local), orchestrator, told.append) for one in lines)
        )

    first, second = asyncio.run(main())
    assert sorted(kind for _, kind in orchestrator.taken) == ["image/jpeg", "image/png"]
    assert "not-uploaded-yet" not in json.dumps([first.body, second.body])
    assert first.body["steps"][0]["input"]["images"] == ["https://example.org/blob"] * 3
    assert first.steps[0].input["images"] == first.body["steps"][0]["input"]["images"]
    assert {(one.source.label, one.blob.id) for one in told if one.source.label != "fox.jpeg"} == {
        ("fox.png", "b1"), ("again.png", "b1"),
    }  # fmt: skip


def test_what_is_not_in_the_body_stays_here(files, local):
    from civgen.forms.form import Mode

    orchestrator = Orchestrator()
    ready = preview({"ecosystem": "Chroma", "prompt": "x", "images": ["fox.png"]}, local, mode=Mode.REPAIR)
    assert asyncio.run(with_uploads(ready, orchestrator)).body == ready.body
    assert orchestrator.taken == []


def test_a_file_that_goes_or_changes_before_the_upload_stops_the_submission(files, local):
    ready = preview({**WAN, "images": ["fox.png"]}, local)
    (files / "fox.png").write_bytes(draw("png", "other", 384, 512))
    with pytest.raises(InvalidInput, match=r"images\[0\] \(fox.png\) has changed"):
        asyncio.run(with_uploads(ready, Orchestrator()))
    (files / "fox.png").unlink()
    with pytest.raises(InvalidInput, match=r"images\[0\] \(fox.png\) is neither"):
        asyncio.run(with_uploads(ready, Orchestrator()))


def test_an_upload_that_is_blocked_is_an_answer_of_no(files, local):
    ready = preview({**WAN, "images": ["fox.png"]}, local)
    with pytest.raises(AnswerIsNo, match="blocked: a reason"):
        asyncio.run(with_uploads(ready, Orchestrator(url=None, blockedReason="a reason")))


def test_what_is_written_down_and_sent_names_blobs(files, workspace, local):
    ready, journal = preview({**WAN, "images": ["fox.png"]}, local), Journal(files / "journal.sqlite")

    async def main():
        opened = open_workspace()
        async with connect(opened.environment(), opened) as client:
            return await submit(ready, client, journal, opened.environment())

    workflow = asyncio.run(main())
    (url,) = journal.find(workflow.external_id).body["steps"][0]["input"]["images"]
    assert "/v2/consumer/blobs/" in url
    assert workflow.raw["steps"][0]["input"]["images"] == [url]


def test_on_the_command_line(run, files, workspace):
    words = ("-e", "WanVideo14B_I2V_480p", "-w", "img2vid", "-p", "x")
    (files / "request.json").write_text(json.dumps({"images": ["fox.png"]}))
    shown = run("preview", "request.json", *words)
    assert shown.code == 0 and "is not uploaded yet" in shown.stderr
    dry = run("submit", *words, "--image", "fox.png@384x512", "--dry-run", "--json").json
    assert any("is not uploaded yet" in point for point in dry["notChecked"])
    done = run("submit", *words, "--image", "fox.png", "--json")
    (upload,) = done.json["uploads"]
    assert upload == {
        "field": "images[0]", "file": "fox.png", "size": (files / "fox.png").stat().st_size,
        "type": "image/png", "blob": upload["blob"],
    }  # fmt: skip
    assert upload["blob"] in done.stderr
    assert not any("uploaded" in point for point in done.json["notChecked"])
    refused = run("submit", *words, "--image", "gone.png", "--json")
    assert refused.code == 2 and refused.json["error"]["details"][0]["field"] == "images[0]"


# ---- sizes of what lies at URLs ----


@pytest.fixture
def web(monkeypatch):
    """A web server on this machine: path -> status, headers, body. Says how often each was asked."""
    pages, asked = {}, []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            status, headers, body = pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content-Length": len(body), **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            with contextlib.suppress(OSError):  # who asks stops reading when it knows enough
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages, asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_first_bytes_of_a_url_tell_its_size(web):
    url, pages, asked = web
    pages["/fox.jpeg"] = (200, {}, draw("jpeg", "x", 512, 384) + bytes(8 * 1024**2))
    pages["/old"] = (302, {"Location": "/fox.jpeg"}, b"")
    pages["/fox.mp4"] = (200, {}, draw("mp4", "x", 128, 72, seconds=4))
    assert read_measures(f"{url}/old", "image", private=True) == {"width": 512, "height": 384}
    assert read_measures(f"{url}/fox.mp4", "video", private=True)["duration"] == 4
    assert all(headers["Range"] == "bytes=0-1048575" for _, headers in asked)


def test_what_a_url_does_not_tell_is_said(web, monkeypatch):
    url, pages, _ = web
    jpeg = draw("jpeg", "x", 512, 384)
    endless = b"\xff\xfe\xff\xff" + bytes(65533)
    pages["/page"] = (200, {}, b"<!doctype html><p>no picture here")
    pages["/late"] = (200, {}, jpeg[:2] + endless * 40 + jpeg[2:])
    pages["/loop"] = (302, {"Location": "/loop"}, b"")
    pages["/away"] = (302, {"Location": "file:///etc/passwd"}, b"")
    for path, message in {
        "/page": "is no image but text", "/late": "first 1,", "/loop": "redirects more than 3 times",
        "/away": "is neither http nor https", "/gone": "answers 404 Not Found",
    }.items():  # fmt: skip
        with pytest.raises(InvalidInput, match=message):
            read_measures(url + path, "image", private=True)


def test_addresses_of_this_machine_and_its_network_are_not_asked(web, monkeypatch):
    url, _pages, asked = web
    with pytest.raises(InvalidInput, match="an address of this machine or its network"):
        read_measures(f"{url}/fox.jpeg", "image")
    # A name may resolve to one of them, too, beside a public one.
    found = [(2, 1, 6, "", ("1.1.1.1", 80)), (2, 1, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(remote.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(InvalidInput, match=r"example\.org is an address of this machine"):
        read_measures("https://user:secret@example.org/x", "image")
    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "224.0.0.1", "::", "::1", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address):
    assert not is_public(address)


def test_a_url_is_asked_once_and_only_where_it_is_needed(run, workspace, web):
    url, pages, asked = web
    pages["/fox.png"] = (200, {}, draw("png", "x", 384, 512))
    line = json.dumps({"id": 1, "request": {**WAN, "images": [f"{url}/fox.png"]}})
    gone = json.dumps({"id": 2, "request": {**WAN, "images": [f"{url}/gone.png"]}})
    (workspace / "lines.jsonl").write_text("\n".join([line, line, gone, gone]))
    answers = run("preview", "--batch", "lines.jsonl").lines
    assert [one["ok"] for one in answers] == [True, True, False, False]
    assert answers[0]["values"]["aspectRatio"]["value"] == "2:3"
    assert [path for path, _ in asked] == ["/fox.png", "/gone.png"]
    shown = run("preview", "-e", "Seedream", "-w", "img2img:edit", "-p", "x", "--image", f"{url}/fox.png")
    assert shown.code == 0 and len(asked) == 2
    read = run("preview", "-e", "Veo3", "-w", "img2vid", "-p", "x", "--image", f"{url}/fox.png")
    assert "read images[0]: width 384, height 512" in read.stderr


def test_away_from_the_sandbox_a_batch_cannot_make_this_machine_ask_itself(run, workspace, web):
    url, _pages, asked = web
    (workspace / "civgen.toml").write_text('[environments.prod]\norchestrator = "https://example.org"\n')
    done = run(
        "preview", "-e", "Veo3", "-w", "img2vid", "-p", "x", "--image", f"{url}/fox.png", "--env", "prod"
    )
    assert done.code == 2 and "this machine or its network" in done.stderr
    assert asked == []
