"""What the sandbox makes and takes: real files, under addresses that are good for a while."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from asking import BLOBS, IMAGES, URL, VIDEO, Asking, saying


def images_of(workflow: dict) -> list[dict]:
    return workflow["steps"][0]["output"]["images"]


def fetched(sandbox: Asking, url: str) -> bytes:
    """What a browser gets, without a token."""
    way = sandbox.ask("GET", url)
    assert way.status_code == 308, way.text
    content = sandbox.ask("GET", way.headers["location"])
    assert content.status_code == 200
    return content.content


def test_there_is_one_image_for_each_that_was_asked_for(sandbox: Asking) -> None:
    blobs = images_of(sandbox.finish(IMAGES))
    assert len({fetched(sandbox, blob["url"]) for blob in blobs}) == len({blob["id"] for blob in blobs}) == 3
    drafts = {
        "$type": "textToImage",
        "input": {"prompt": "a fox", "seed": 1, "cfgScale": 7, "quantity": 2, "batchSize": 4},
    }
    assert len(images_of(sandbox.finish(drafts))) == 8


def test_a_blob_tells_the_size_of_its_file(sandbox: Asking) -> None:
    for blob in images_of(sandbox.finish(IMAGES)):
        assert (blob["width"], blob["height"]) == (1024, 512)
        assert blob["id"].endswith(".jpeg")
    video = sandbox.finish(VIDEO)["steps"][0]["output"]["video"]
    assert (video["type"], video["width"], video["height"]) == ("video", 128, 72)


def test_the_same_seed_and_prompt_give_the_same_file(sandbox: Asking) -> None:
    first, again = (images_of(sandbox.finish(IMAGES)) for _ in range(2))
    other = images_of(sandbox.finish(saying("a blue fox", IMAGES)))
    files = [[fetched(sandbox, blob["url"]) for blob in blobs] for blobs in (first, again, other)]
    assert files[0] == files[1]
    assert not set(files[0]) & set(files[2])


@pytest.mark.parametrize(
    ("asked", "content_type", "begins"),
    [
        ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
        ("jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ("webP", "image/png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_a_file_is_what_it_says_it_is(sandbox: Asking, asked: str, content_type: str, begins: bytes) -> None:
    step = {**IMAGES, "input": {**IMAGES["input"], "outputFormat": asked}}
    blob = images_of(sandbox.finish(step))[0]
    content = sandbox.ask("GET", sandbox.ask("GET", blob["url"]).headers["location"])
    assert content.headers["content-type"] == content_type
    assert content.content.startswith(begins)
    assert blob["id"].endswith(content_type.partition("/")[2])


def test_there_is_no_file_before_its_step_has_succeeded(sandbox: Asking) -> None:
    ended = sandbox.finish(IMAGES)
    blob_id = images_of(ended)[0]["id"].replace(ended["id"], sandbox.submit(IMAGES)["id"])
    assert sandbox.ask("GET", f"{BLOBS}/{blob_id}").status_code == 404
    for wrong in ("x", "0" * 32 + "-0-0.png", f"{ended['id']}-0-3.jpeg", f"{ended['id']}-1-0.jpeg"):
        assert sandbox.ask("GET", f"{BLOBS}/{wrong}").status_code == 404


def test_a_signed_url_is_good_without_a_token_and_for_a_while(make_sandbox: Callable[..., Asking]) -> None:
    sandbox = make_sandbox(token="right")
    sandbox.http.headers["Authorization"] = "Bearer right"
    url = sandbox.finish(VIDEO)["steps"][0]["output"]["video"]["url"]
    del sandbox.http.headers["Authorization"]
    content_url = sandbox.ask("GET", url).headers["location"]
    assert sandbox.ask("GET", content_url).status_code == 200
    assert sandbox.ask("GET", url.partition("?")[0]).status_code == 401
    sign = parse_qs(urlsplit(url).query)["sig"][0]
    for forged in (url.replace("exp=1", "exp=2"), url.replace(sign, "0" * 32), url.replace(sign, "ü")):
        assert sandbox.ask("GET", forged).status_code == 401
    assert sandbox.ask("GET", content_url[:-1] + "x").status_code == 400
    sandbox.clock.now += 25 * 3600
    assert sandbox.ask("GET", url).status_code == 401
    assert sandbox.ask("GET", content_url).status_code == 410
    sandbox.http.headers["Authorization"] = "Bearer right"
    fresh = sandbox.ask("POST", urlsplit(url).path + "/refresh").json()
    del sandbox.http.headers["Authorization"]
    assert fetched(sandbox, fresh["url"]).startswith(b"\0\0\0")


def test_a_name_for_the_file_is_kept_and_nothing_more(sandbox: Asking) -> None:
    url = images_of(sandbox.finish(IMAGES))[0]["url"]
    way = sandbox.ask(
        "GET", url, params={**parse_flat(url), "download": "true", "filename": 'fü"x.png\r\nA: b'}
    )
    headers = sandbox.ask("GET", way.headers["location"]).headers
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''f%C3%BC%22x.png%0D%0AA%3A%20b"
    assert "a" not in headers


def parse_flat(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_level_of_a_blob_is_told_and_can_be_limited(sandbox: Asking) -> None:
    path = f"{BLOBS}/" + images_of(sandbox.finish(saying("[sandbox:r]", IMAGES)))[0]["id"]
    head = sandbox.ask("HEAD", path)
    assert (head.status_code, head.headers["x-nsfw-level"]) == (204, "r")
    assert sandbox.ask("GET", path, params={"nsfwLevel": "pg13"}).status_code == 403
    assert sandbox.ask("GET", path, params={"nsfwLevel": "x"}).status_code == 308
    assert sandbox.ask("GET", path, params={"nsfwLevel": "none"}).status_code == 400


def test_what_is_uploaded_comes_back(sandbox: Asking) -> None:
    answer = sandbox.ask("POST", BLOBS, content=b"\xff\xd8 fox", headers={"Content-Type": "image/jpeg"})
    blob = answer.json()
    assert answer.status_code == 201 and blob["type"] == "image" and blob["url"].startswith(URL)
    assert fetched(sandbox, blob["url"]) == b"\xff\xd8 fox"
    assert sandbox.ask("HEAD", f"{BLOBS}/{blob['id']}").headers["x-nsfw-level"] == "na"
    assert sandbox.ask("GET", f"{BLOBS}/{blob['id']}", params={"nsfwLevel": "xxx"}).status_code == 403


def test_uploads_that_are_no_media_are_refused(sandbox: Asking) -> None:
    for content, content_type, status in (
        (b"x", "text/html", 415),
        (b"x", "", 415),
        (b"x", "image/../x", 415),
        (b"", "image/png", 400),
        (b"x" * (64 * 1024**2 + 1), "image/png", 413),
    ):
        answer = sandbox.ask("POST", BLOBS, content=content, headers={"Content-Type": content_type})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_every_step_type_calls_its_files_what_the_api_calls_them(sandbox: Asking) -> None:
    comfy = {"$type": "comfy", "input": {"comfyWorkflow": {}, "quantity": 2}}
    upscaled = {"$type": "videoUpscaler", "input": {"video": "https://example.org/v.mp4"}}
    cut_out = {"$type": "imageBackgroundRemoval", "input": {"image": "https://example.org/i.png"}}
    uploaded = {"$type": "imageUpload", "input": "https://example.org/i.png"}
    outputs = [step["output"] for step in sandbox.finish(comfy, upscaled, cut_out, uploaded)["steps"]]
    assert [list(output) for output in outputs] == [["blobs"], ["video"], ["image"], ["blob"]]
    assert len(outputs[0]["blobs"]) == 2


def test_several_videos_are_one_and_the_additional_ones(sandbox: Asking) -> None:
    step = {
        "$type": "videoGen",
        "input": {
            "engine": "ltx2.3",
            "operation": "createVideo",
            "prompt": "a fox",
            "duration": 5,
            "quantity": 3,
        },
    }
    output = sandbox.finish(step)["steps"][0]["output"]
    assert len({output["video"]["id"], *(one["id"] for one in output["additionalVideos"])}) == 3
