"""The environment's orchestrator: whether it answers, and takes the token."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from civgen.cli.doctor.finding import Finding, broken, from_error, ok, refused
from civgen.cli.doctor.scene import PATIENCE, SILENT, Scene, in_time
from civgen.errors import CivgenError, NotAuthorised, Unavailable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from civgen.settings import Environment
    from civgen.tokens import Token

ORDER = 70


def check(scene: Scene) -> Iterator[Finding]:
    """Ask for the smallest thing that needs a token, once. Nothing is submitted, nothing costs anything."""
    from civgen.orchestrator.addresses import is_confidential, without_query

    environment = scene.environment
    if environment is None:
        return
    if environment.is_sandbox:
        yield ok("the sandbox: it runs inside civgen, and needs no connection")
        return
    url, where = without_query(environment.orchestrator), scene.setting("orchestrator")
    if not is_confidential(environment.orchestrator):
        hint = "Change it to an https:// URL."
        yield broken(f"{url} is neither https nor on this machine", hint=hint, where=where)
        return
    token, port = _token(environment), _port_here(environment.orchestrator)
    try:
        in_time(url, lambda: asyncio.run(_ask(environment, token.secret if token else None)))
        yield ok(f"{url} answers" + (" and takes the token" if token else ", and wants no token"))
    except NotAuthorised as error:
        login = f"civgen auth login --env {environment.name}"
        if token is not None:
            yield refused(f"{url}: {error.message}", token, login, where)
        elif port is not None:
            yield broken(f"{url} answers, and wants a token", login)
        else:  # that there is none is for the check of credentials
            yield ok(f"{url} answers, and wants a token")
    except Unavailable as error:
        do = None if port is None else f"civgen sandbox serve --port {port}"
        yield broken(f"{url}: {error.message}", do, SILENT, where)
    except Exception as error:
        yield from from_error(error, where)


def _port_here(url: str) -> int | None:
    """The port of a server on this machine; such a one may be a sandbox, which wants no token."""
    from civgen.orchestrator.addresses import is_loopback

    parts = urlsplit(url)
    return parts.port or 80 if is_loopback(parts.hostname or "") else None


def _token(environment: Environment) -> Token | None:
    """The token, if it can be had; what is wrong with it is for the check of credentials."""
    from civgen import tokens

    try:
        return tokens.find(environment.name, environment.orchestrator)
    except CivgenError:
        return None


async def _ask(environment: Environment, secret: SecretStr | None) -> None:
    from civgen.orchestrator.client import Orchestrator

    async with Orchestrator(environment.orchestrator, secret, timeout=PATIENCE, attempts=1) as client:
        async for _ in client.query(take=1):
            break
