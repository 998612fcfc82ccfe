"""What the client sends, what it makes of answers, and what it never does."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from pydantic import SecretStr

from civgen.errors import (
    CivgenError,
    InvalidInput,
    NotAuthorised,
    NotFound,
    RateLimited,
    Refused,
    Unavailable,
)
from civgen.orchestrator.client import Orchestrator

URL = "https://orchestration.example.org"
TOKEN = "civitai-0123456789abcdef"
BODY = {"steps": [{"$type": "echo", "input": {}}], "currencies": ["yellow"], "externalId": "order-1"}
GATEWAY = "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"
WORKFLOW = {"id": "w1", "status": "succeeded"}

Handler = Callable[[httpx.Request], httpx.Response]
Use = Callable[[Orchestrator], Coroutine[Any, Any, Any]]

CALLS: dict[str, Use] = {
    "whatif": lambda one: one.whatif(BODY),
    "submit": lambda one: one.submit(BODY),
    "get": lambda one: one.get("w1"),
    "query": lambda one: all_of(one.query()),
    "cancel": lambda one: one.cancel("w1"),
    "upload": lambda one: one.upload(b"x", "image/png"),
    "download": lambda one: one.download(f"{URL}/v2/consumer/blobs/b1", Path("b1.png")),
}
ONCE = {"submit", "upload"}
REPEATED = set(CALLS) - ONCE


async def all_of(things: Any) -> list[Any]:
    return [one async for one in things]


class Wire:
    """Stands for the network: answers, and keeps what was asked."""

    def __init__(self, answer: Handler | httpx.Response | Iterable[httpx.Response | Exception]) -> None:
        self.asked: list[httpx.Request] = []
        self._answer: Any = iter(answer) if isinstance(answer, list | tuple) else answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if callable(self._answer):
            return self._answer(request)
        found = self._answer if isinstance(self._answer, httpx.Response) else next(self._answer)
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)

    def use(self, use: Use, url: str = URL, token: str | None = TOKEN) -> Any:
        """Run `use` with a client whose network this is."""

        async def run() -> Any:
            secret = SecretStr(token) if token else None
            async with Orchestrator(url, secret, transport=httpx.MockTransport(self)) as orchestrator:
                return await use(orchestrator)

        return asyncio.run(run())

    def fail(self, use: Use, **extra: Any) -> CivgenError:
        """The error that `use` ends in."""
        with pytest.raises(CivgenError) as failed:
            self.use(use, **extra)
        return failed.value


@pytest.fixture(autouse=True)
def no_pauses(tmp_path: Path) -> Any:
    """Retries come at once, and five times as they do outside."""
    with stamina.set_testing(True, attempts=5):
        yield


def problem(status: int, **own: Any) -> httpx.Response:
    return httpx.Response(status, json={"title": "Problem", "status": status, **own})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidInput),
        (401, NotAuthorised),
        (403, NotAuthorised),
        (404, NotFound),
        (409, InvalidInput),
        (410, NotFound),
        (413, InvalidInput),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_every_status_is_an_error_of_its_kind(call: str, status: int, kind: type[CivgenError]) -> None:
    error = Wire(problem(status, detail="It is \x1b[31mso")).fail(CALLS[call])
    assert type(error) is kind
    assert f"It is  [31mso (HTTP {status})." in error.message


@pytest.mark.parametrize("call", CALLS)
def test_a_web_page_means_that_the_service_is_down(call: str) -> None:
    for status in (403, 404, 502):
        error = Wire(httpx.Response(status, html=GATEWAY)).fail(CALLS[call])
        assert type(error) is Unavailable and "web page" in error.message
        assert "<" not in error.message


@pytest.mark.parametrize("call", ["whatif", "submit", "get", "query", "upload"])
@pytest.mark.parametrize("text", [GATEWAY, "", '{"id": "w', "[]", "null", "42"])
def test_an_answer_that_is_not_the_apis_counts_as_none(call: str, text: str) -> None:
    assert type(Wire(httpx.Response(200, text=text)).fail(CALLS[call])) is Unavailable


def test_every_violation_is_told() -> None:
    errors = {"steps[0].input.seed": ["must be at most 9", "must be whole"], "tags": ["too many"]}
    error = Wire(problem(400, errors=errors)).fail(CALLS["submit"])
    assert [(one.field, one.message) for one in error.details] == [
        ("steps[0].input.seed", "must be at most 9"),
        ("steps[0].input.seed", "must be whole"),
        ("tags", "too many"),
    ]
    assert "tags too many" in error.message


@pytest.mark.parametrize(
    "text", ['"Insufficient funds"', "Insufficient funds", '{"detail": "Insufficient funds"}']
)
def test_forbidden_may_mean_that_money_is_lacking(text: str) -> None:
    error = Wire(httpx.Response(403, text=text)).fail(CALLS["submit"])
    assert error.message == "Submitting: Insufficient funds (HTTP 403)."
    assert error.hint is not None and "Buzz" in error.hint and "right" in error.hint


@pytest.mark.parametrize("call", sorted(REPEATED))
def test_what_does_no_harm_twice_is_tried_again(call: str) -> None:
    answer = httpx.Response(200, json={**WORKFLOW, "items": [], "next": ""})
    wire = Wire([problem(503), problem(429), httpx.ConnectError("no"), httpx.ReadTimeout("no"), answer])
    wire.use(CALLS[call])
    assert len(wire.asked) == 5
    assert len({(one.method, one.url, one.content) for one in wire.asked}) == 1


@pytest.mark.parametrize("call", sorted(REPEATED))
def test_trying_again_ends(call: str) -> None:
    wire = Wire(problem(503))
    assert type(wire.fail(CALLS[call])) is Unavailable
    assert len(wire.asked) == 5


@pytest.mark.parametrize("call", sorted(CALLS))
def test_what_is_refused_is_not_tried_again(call: str) -> None:
    for status in (400, 401, 403, 404):
        wire = Wire(problem(status))
        wire.fail(CALLS[call])
        assert len(wire.asked) == 1


@pytest.mark.parametrize("call", sorted(ONCE))
@pytest.mark.parametrize(
    "answer", [problem(503), problem(429), httpx.ReadError("reset"), httpx.Response(200, text="{")]
)
def test_what_may_cost_is_sent_once(call: str, answer: Any) -> None:
    wire = Wire([answer, httpx.Response(200, json=WORKFLOW)])
    assert isinstance(wire.fail(CALLS[call]), Unavailable)
    assert len(wire.asked) == 1


def test_a_failed_submission_says_whether_it_may_have_been_accepted() -> None:
    def hint(answer: Any) -> str:
        return str(Wire([answer]).fail(CALLS["submit"]).hint)

    for in_doubt in (problem(502), httpx.ReadError("reset"), httpx.ReadTimeout("slow"), httpx.Response(202)):
        assert "may have been accepted" in hint(in_doubt) and "externalId" in hint(in_doubt)
    assert hint(httpx.ConnectError("refused")) == "Nothing was sent."
    assert "accepted" not in hint(problem(429))


def test_the_pause_that_a_busy_service_asks_for_is_kept() -> None:
    kept: list[float] = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: kept.append(details.wait_for)])
    busy = httpx.Response(429, headers={"Retry-After": "1"}, json={})
    try:
        stamina.set_testing(False)
        Wire([busy, httpx.Response(200, json=WORKFLOW)]).use(CALLS["get"])
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    assert kept == [1.0]
    assert Wire(busy).fail(CALLS["submit"]).data == {"retryAfter": 1.0}


@pytest.mark.parametrize("call", ["whatif", "submit", "get", "query", "cancel", "upload"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(call: str, status: int) -> None:
    wire = Wire(httpx.Response(status, headers={"Location": "https://elsewhere.example.org/?key=1"}))
    error = wire.fail(CALLS[call])
    assert len(wire.asked) == 1
    assert isinstance(error, InvalidInput) and "https://elsewhere.example.org/, which" in error.message


def test_a_whatif_never_carries_the_external_id() -> None:
    wire = Wire(httpx.Response(200, json=WORKFLOW))
    wire.use(CALLS["whatif"])
    assert wire.asked[0].url.params["whatif"] == "true"
    assert b"externalId" not in wire.asked[0].content and b"yellow" in wire.asked[0].content
    wire.use(CALLS["submit"])
    assert b'"externalId":"order-1"' in wire.asked[1].content.replace(b" ", b"")
    assert "whatif" not in wire.asked[1].url.params


def test_waiting_is_asked_for_and_allowed_for() -> None:
    wire = Wire(httpx.Response(202, json={"id": "w1", "status": "processing"}))
    wire.use(lambda one: one.submit(BODY, wait=40))
    wire.use(lambda one: one.get("w1", wait=900))
    wire.use(lambda one: one.get("w1"))
    assert [one.url.params.get("wait") for one in wire.asked] == ["40", "100", None]
    assert [one.extensions["timeout"]["read"] for one in wire.asked] == [70, 130, 30]


def test_a_listing_goes_through_the_pages() -> None:
    pages = [
        {"items": [{"id": "a"}, {"id": "b"}], "next": "2"},
        {"items": [{"id": "c"}], "next": "3"},
        {"items": [], "next": "4"},
    ]
    wire = Wire([httpx.Response(200, json=page) for page in pages])
    found = wire.use(lambda one: all_of(one.query(tags=["gen", "img2vid:ref2vid"], take=2, cursor="1")))
    assert [one.id for one in found] == ["a", "b", "c"]
    assert [one.url.params["cursor"] for one in wire.asked] == ["1", "2", "3"]
    first = wire.asked[0].url.params
    assert first.get_list("tags") == ["gen", "img2vid:ref2vid"] and first["take"] == "2"
    assert first["hideMatureContent"] == "false"


@pytest.mark.parametrize("last", ["", None, "1"])
def test_a_listing_ends(last: str | None) -> None:
    wire = Wire(httpx.Response(200, json={"items": [{"id": "a"}], "next": last}))
    assert len(wire.use(lambda one: all_of(one.query(cursor="1")))) == 1


def test_an_id_cannot_lead_elsewhere() -> None:
    wire = Wire(httpx.Response(200, json=WORKFLOW))
    wire.use(lambda one: one.get("../blobs?x=1"))
    assert wire.asked[0].url.raw_path == b"/v2/consumer/workflows/..%2Fblobs%3Fx%3D1"


def test_cancelling_and_uploading_say_what_the_api_wants() -> None:
    wire = Wire(
        [httpx.Response(204), httpx.Response(201, json={"type": "image", "id": "b1", "available": True})]
    )
    wire.use(CALLS["cancel"])
    assert wire.use(CALLS["upload"]).id == "b1"
    cancel, upload = wire.asked
    assert (cancel.method, cancel.url.path) == ("PUT", "/v2/consumer/workflows/w1")
    assert cancel.content == b'{"status":"canceled"}'
    assert (upload.headers["content-type"], upload.content) == ("image/png", b"x")


def test_the_token_goes_to_the_orchestrator_only(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "orchestration.example.org":
            return httpx.Response(308, headers={"Location": "https://files.example.org/b1?sig=1"})
        return httpx.Response(200, content=b"fox")

    wire = Wire(answer)
    assert wire.use(lambda one: one.download(f"{URL}/v2/consumer/blobs/b1", tmp_path / "b1")) == 3
    wire.use(lambda one: one.download("https://files.example.org/b1", tmp_path / "b1"))
    wire.use(lambda one: one.download(URL + ":8443/b1", tmp_path / "b1"))
    told = [(one.url.host, one.url.port, "authorization" in one.headers) for one in wire.asked]
    assert told == [
        ("orchestration.example.org", None, True),
        ("files.example.org", None, False),
        ("files.example.org", None, False),
        ("orchestration.example.org", 8443, False),
        ("files.example.org", None, False),
    ]
    assert wire.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_the_token_never_travels_in_the_clear() -> None:
    for url in ("http://orchestration.example.org", "ftp://example.org", "http://0.0.0.0:1"):
        with pytest.raises(InvalidInput, match="in the clear"):
            Orchestrator(url, SecretStr(TOKEN))
    for url in ("http://127.0.0.1:8788", "http://localhost:8788", "http://[::1]:8788", URL):
        Orchestrator(url, SecretStr(TOKEN))


@pytest.mark.parametrize("call", sorted(CALLS))
def test_the_token_is_told_to_nobody(call: str, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        said = f"You sent {request.headers['authorization']}"
        return problem(400, detail=said, errors={"authorization": [said]})

    caplog.set_level(logging.DEBUG)
    failures = [echo, problem(503), httpx.Response(200, html=GATEWAY), [httpx.ReadError("x")] * 5]
    for answer in failures:
        wire = Wire(answer)
        try:
            wire.use(CALLS[call])
        except CivgenError as error:
            shown = repr(error.as_json()) + "".join(traceback.format_exception(error))
            assert TOKEN not in shown
    assert TOKEN not in caplog.text
    orchestrator = Orchestrator(URL, SecretStr(TOKEN))
    assert TOKEN not in repr(orchestrator) + str(vars(orchestrator))
    assert capfd.readouterr() == ("", "")


def test_a_download_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(b"old")

    def broken(_: httpx.Request) -> httpx.Response:
        async def chunks() -> Any:
            yield b"half"
            raise httpx.ReadError("reset")

        return httpx.Response(200, content=chunks())

    def get(one: Orchestrator) -> Any:
        return one.download(f"{URL}/b1", path)

    assert type(Wire(broken).fail(get)) is Unavailable
    assert type(Wire(problem(410)).fail(get)) is NotFound
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
    assert Wire(httpx.Response(200, content=b"new fox")).use(get) == 7
    assert path.read_bytes() == b"new fox" and list(tmp_path.iterdir()) == [path]


def test_a_download_has_a_limit(tmp_path: Path) -> None:
    wire = Wire(httpx.Response(200, content=b"x" * 1001))
    error = wire.fail(lambda one: one.download(f"{URL}/b1?sig=secret", tmp_path / "b1", limit=1000))
    assert type(error) is Refused and "1,000" in error.message and "secret" not in error.message
    assert wire.use(lambda one: one.download(f"{URL}/b1", tmp_path / "b1", limit=1001)) == 1001


def test_a_download_from_elsewhere_is_https(tmp_path: Path) -> None:
    for url in ("http://files.example.org/b1", "file:///etc/passwd", "/b1"):
        wire = Wire(httpx.Response(200, content=b"x"))
        assert type(wire.fail(lambda one, url=url: one.download(url, tmp_path / "b1"))) is InvalidInput
        assert wire.asked == []
    wire = Wire(httpx.Response(302, headers={"Location": "http://files.example.org/b1"}))
    assert type(wire.fail(lambda one: one.download(f"{URL}/b1", tmp_path / "b1"))) is InvalidInput


def test_a_download_does_not_run_in_circles(tmp_path: Path) -> None:
    wire = Wire(httpx.Response(302, headers={"Location": "/b1"}))
    error = wire.fail(lambda one: one.download(f"{URL}/b1", tmp_path / "b1"))
    assert "redirected" in error.message and len(wire.asked) < 50


def test_a_connection_is_used_inside_async_with() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(Orchestrator(URL).get("w1"))


def test_a_date_is_understood_as_the_pause_that_is_asked_for() -> None:
    from datetime import UTC, datetime, timedelta
    from email.utils import format_datetime

    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    busy = httpx.Response(429, headers={"Retry-After": soon}, json={})
    data = Wire(busy).fail(CALLS["submit"]).data
    assert data is not None and 50 < data["retryAfter"] <= 60
    assert (
        Wire(httpx.Response(429, headers={"Retry-After": "soon"}, json={})).fail(CALLS["submit"]).data is None
    )
