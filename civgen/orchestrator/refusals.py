"""What the orchestrator says when it does not do what was asked, as civgen's errors.

400 and other 4xx      InvalidInput     with every entry of the problem document's `errors`
3xx                    InvalidInput     redirects are not followed
401, 403               NotAuthorised
404, 410               NotFound
429                    RateLimited
5xx, or a web page     Unavailable      a web page comes from a gateway with nothing behind it
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from civgen.errors import (
    CivgenError,
    InvalidInput,
    NotAuthorised,
    NotFound,
    Problem,
    RateLimited,
    Unavailable,
)

if TYPE_CHECKING:
    import httpx

_LONG = 500
_KINDS: dict[int, type[CivgenError]] = {
    401: NotAuthorised,
    403: NotAuthorised,
    404: NotFound,
    408: Unavailable,
    410: NotFound,
    429: RateLimited,
}
_HINTS = {
    401: "Check the token of this environment, and whether it has expired.",
    403: "The account may lack Buzz for it, or the token the right to it: the answer to both is the same.",
    429: "Wait a little, or send less at once.",
}


def error_of(response: httpx.Response, doing: str, secret: str | None = None) -> CivgenError:
    """The error that an answer amounts to.

    Args:
        response: any that is no success, its body read.
        doing: what was tried, to begin the message with, such as `Submitting`.
        secret: what must not appear in the error, should the answer repeat it.
    """
    status, text = response.status_code, _text(response, secret)
    if is_web_page(text):
        return Unavailable(
            f"{doing}: the gateway answered with a web page (HTTP {status}), not the orchestrator."
        )
    if 300 <= status < 400:
        target = response.headers.get("location", "somewhere else").partition("?")[0]
        return InvalidInput(
            f"{doing}: redirected to {target}, which is not followed.", hint="Check the orchestrator's URL."
        )
    document = _document(text)
    kind = _KINDS.get(status, Unavailable if status >= 500 else InvalidInput)
    details = list(_details(document)) if kind is InvalidInput else []
    return kind(
        f"{doing}: {_said(document, text, details) or response.reason_phrase} (HTTP {status}).",
        hint=_HINTS.get(status),
        details=details,
        data=_pause(response),
    )


def is_web_page(text: str) -> bool:
    """Whether an answer was written for browsers."""
    return text.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def _text(response: httpx.Response, secret: str | None) -> str:
    return response.text.replace(secret, "[token]") if secret else response.text


def _document(text: str) -> Mapping[str, Any]:
    """The problem document; the 403 of this API is a bare JSON string, which counts as its detail."""
    try:
        document = json.loads(text)
    except ValueError:
        return {"detail": text}
    return (
        document
        if isinstance(document, Mapping)
        else {"detail": document if isinstance(document, str) else text}
    )


def _said(document: Mapping[str, Any], text: str, details: list[Problem]) -> str:
    """What it says in words, without what a terminal would obey."""
    listed = "; ".join(f"{problem.field} {problem.message}".strip() for problem in details)
    said = listed or document.get("detail") or document.get("title") or text
    printable = "".join(one if one.isprintable() else " " for one in str(said)).strip().rstrip(".")
    return printable if len(printable) <= _LONG else printable[:_LONG] + "…"


def _details(document: Mapping[str, Any]) -> Iterator[Problem]:
    errors = document.get("errors")
    for field, messages in errors.items() if isinstance(errors, Mapping) else ():
        for message in messages if isinstance(messages, list) else [messages]:
            yield Problem(str(field), str(message))


def _pause(response: httpx.Response) -> dict[str, float] | None:
    """What `Retry-After` asks for in seconds; it may be a number or a date."""
    after = response.headers.get("retry-after", "")
    if after.isdecimal():
        return {"retryAfter": float(after)}
    try:
        until = parsedate_to_datetime(after)
    except ValueError:
        return None
    now = datetime.now(UTC)
    return {"retryAfter": max(0.0, (until - now).total_seconds())} if until.tzinfo else None
