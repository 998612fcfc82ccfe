"""Uploads without a token, downloads in parts, and addresses that stop being good."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from asking import BLOBS, IMAGES, VIDEO, WORKFLOWS
from serving import Server, served

PNG = {"Content-Type": "image/png"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "tokens.toml").write_text('[tokens.t]\nuser = "u"\n[tokens.other]\nuser = "o"\n')
    with served(folder, "--tokens", "tokens.toml", "--speed", "1000") as running:
        yield running


def content_url(server: Server) -> str:
    ended = server.submit(IMAGES, token="t", wait=5)
    way = server.ask("GET", ended["steps"][0]["output"]["images"][0]["url"])
    assert way.status_code == 308
    return str(way.headers["location"])


def test_a_presigned_upload_needs_no_token_and_belongs_to_who_asked(server: Server) -> None:
    presigned = server.ask("GET", f"{BLOBS}/upload", token="t").json()
    assert set(presigned) == {"uploadUrl", "expiresAt"}
    uploaded = server.ask("POST", presigned["uploadUrl"], content=b"fox", headers=PNG)
    assert uploaded.status_code == 201
    path = f"{BLOBS}/{uploaded.json()['id']}"
    assert [server.ask("GET", path, token=token).status_code for token in ("t", "other")] == [308, 404]
    forged = presigned["uploadUrl"].replace("user=u", "user=o")
    for url in (forged, BLOBS, f"{BLOBS}?sig=x"):
        assert server.ask("POST", url, content=b"fox", headers=PNG).status_code == 401
    assert server.ask("GET", f"{BLOBS}/upload").status_code == 401


def test_moderation_stops_an_upload(server: Server) -> None:
    answer = server.ask("POST", BLOBS, token="t", content=b"fox [sandbox:block]", headers=PNG)
    assert answer.status_code == 422 and answer.json()["detail"]


def test_a_download_goes_on_where_it_broke_off(server: Server) -> None:
    url = content_url(server)
    whole = server.ask("GET", url)
    assert whole.headers["accept-ranges"] == "bytes"
    size, tag = len(whole.content), whole.headers["etag"]
    for asked, first, last in (
        ("bytes=100-", 100, size - 1),
        ("bytes=0-9", 0, 9),
        (f"bytes=10-{size * 2}", 10, size - 1),
        ("bytes=-5", size - 5, size - 1),
    ):
        part = server.ask("GET", url, headers={"Range": asked, "If-Range": tag})
        assert part.status_code == 206 and part.content == whole.content[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
    beyond = server.ask("GET", url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for headers in (
        {"Range": "bytes=5-", "If-Range": '"other"'},
        {"Range": "lines=5-"},
        {"Range": "bytes=-"},
    ):
        assert server.ask("GET", url, headers=headers).content == whole.content


def test_a_download_can_be_cut_short(server: Server) -> None:
    url = content_url(server)
    size = len(server.ask("GET", url).content)
    got = b""
    with (
        pytest.raises(Exception, match="peer closed"),
        server.http.stream("GET", url, headers={"X-Sandbox-Fault": "cut"}) as cut,
    ):
        assert int(cut.headers["content-length"]) == size
        for piece in cut.iter_raw():
            got += piece
    assert 0 < len(got) < size


def test_an_address_stops_being_good_and_is_made_anew(tmp_path: Path) -> None:
    with served(tmp_path, "--speed", "1000", "--url-life", "3") as server:
        blob = server.submit(IMAGES, wait=5)["steps"][0]["output"]["images"][0]
        while server.ask("GET", blob["url"]).status_code == 308:
            time.sleep(0.2)
        assert server.ask("GET", blob["url"]).status_code == 401
        assert server.ask("GET", blob["url"], token="any").status_code == 401
        fresh = server.ask("POST", f"{BLOBS}/{blob['id']}/refresh").json()
        assert fresh["url"] != blob["url"]
        assert server.ask("GET", fresh["url"]).status_code == 308


def test_files_are_of_the_size_and_format_asked_for(server: Server) -> None:
    graph = {
        "1": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 256, "batch_size": 1}},
        "2": {"class_type": "ImageScale", "inputs": {"width": 1024, "height": 512, "image": ["1", 0]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "format": "jpeg"}},
    }
    plain = {**graph, "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0]}}}
    for step, size, ending in (
        (IMAGES, (1024, 512), "jpeg"),
        ({"$type": "comfy", "input": {"comfyWorkflow": graph}}, (1024, 512), "jpeg"),
        ({"$type": "comfy", "input": {"comfyWorkflow": plain}}, (1024, 512), "png"),
        (
            {"$type": "imageBackgroundRemoval", "input": {"image": "https://example.org/i.jpg"}},
            (1024, 1024),
            "png",
        ),
        (VIDEO, (128, 72), "mp4"),
    ):
        output = server.submit(step, token="t", wait=5)["steps"][0]["output"]
        value = next(iter(output.values()))
        blob = value[0] if isinstance(value, list) else value
        assert (blob["width"], blob["height"]) == size and blob["id"].endswith(ending)


def test_a_deleted_workflows_files_are_gone(server: Server) -> None:
    ended = server.submit(IMAGES, token="t", wait=5)
    url = ended["steps"][0]["output"]["images"][0]["url"]
    assert server.ask("DELETE", f"{WORKFLOWS}/{ended['id']}", token="t").status_code == 204
    assert server.ask("GET", url).status_code == 404
    assert server.ask("POST", urlsplit(url).path + "/refresh", token="t").status_code == 404
