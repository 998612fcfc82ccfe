"""Secrets of the environment: there or not, and where from. None is ever shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from civgen.cli.doctor.finding import Finding, broken, from_error, note, ok
from civgen.cli.doctor.scene import Scene
from civgen.errors import CivgenError

if TYPE_CHECKING:
    from civgen.settings import Environment
    from civgen.tokens import Token

ORDER = 40


def check(scene: Scene) -> Iterator[Finding]:
    """Token, key and password: those that the environment's services want."""
    environment = scene.environment
    if environment is None:
        return
    yield from _token(environment)
    yield from _search(environment)
    yield from _database(environment)


def _token(environment: Environment) -> Iterator[Finding]:
    from civgen import tokens

    if environment.is_sandbox:
        yield ok("token: the sandbox needs none")
        return
    try:
        found = tokens.find(environment.name, environment.orchestrator)
    except CivgenError as error:
        rights = f"chmod 600 {tokens.file()}" if "others can read" in error.message else None
        yield from from_error(error, do=rights)
        return
    if found is None and _is_here(environment.orchestrator):
        yield ok("token: none; a server on this machine may want none")
    elif found is None:
        do = f"civgen auth login --env {environment.name}"
        hint = f"Or set {tokens.variable_of(environment.name)}."
        yield broken(f"token: none for {environment.orchestrator}", do, hint)
    else:
        yield ok(f"token: from {_place(found)}")


def _search(environment: Environment) -> Iterator[Finding]:
    from civgen.settings import find_search_key

    if not environment.search.startswith(("http://", "https://")):
        yield ok("search key: the embedded index needs none")
    elif found := find_search_key(environment):
        yield ok(f"search key: from {_place(found)}")
    elif _is_here(environment.search):
        yield ok("search key: none; a server on this machine may want none")
    else:
        yield note("search key: none; only a server that wants none can be asked",
                   f"python -m keyring set civgen {environment.name}/search",
                   f"Or set {_variable('CIVGEN_SEARCH_KEY', environment)}.")  # fmt: skip


def _database(environment: Environment) -> Iterator[Finding]:
    from civgen.db.access import access_to, find_password

    try:
        access = access_to(environment)
    except CivgenError:  # a URL that cannot be read is for the check of the database
        return
    if not access.is_postgresql:
        yield ok("database password: a file needs none")
    elif found := find_password(environment):
        yield ok(f"database password: from {_place(found)}")
    elif access.secrets:
        yield ok(f"database password: from {_variable('CIVGEN_DATABASE_URL', environment)}")
    else:
        own = "PGPASSWORD" if "PGPASSWORD" in os.environ else ".pgpass, or a server that asks for none,"
        yield ok(f"database password: none given; {own} must do")


def _is_here(url: str) -> bool:
    from civgen.orchestrator.addresses import is_loopback

    return is_loopback(urlsplit(url).hostname or "")


def _place(found: Token) -> str:
    return {"variable": "the variable ", "keyring": "the keyring ", "file": ""}[found.source] + found.place


def _variable(name: str, environment: Environment) -> str:
    return f"{name}_{environment.name.upper().replace('-', '_')}"
