"""API tokens: where they are looked for, kept and forgotten.

An environment variable wins, then the system keyring, then a file that only its owner can read, for
machines without a keyring. What is kept belongs to an environment *and* the URL of its orchestrator: a
workspace that calls another server `prod` does not get the token of this one.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit
from uuid import uuid4

from civgen.errors import InvalidFile, InvalidInput, NotAuthorised, Where

if TYPE_CHECKING:
    from pydantic import SecretStr

#: The name under which the keyring knows civgen.
SERVICE = "civgen"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FORM = re.compile(r"[\x21-\x7e]{1,8192}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it was found.

    Attributes:
        place: name of the variable, of the keyring, or path of the file.
    """

    secret: SecretStr = field(repr=False)
    source: Literal["variable", "keyring", "file"]
    place: str


def find(environment: str, url: str) -> Token | None:
    """The token of an environment, or None.

    Raises:
        NotAuthorised: the file that holds it can be read by others.
    """
    return _in_variables(environment) or _in_keyring(environment, url) or _in_file(environment, url)


def require(environment: str, url: str) -> Token:
    """The token of an environment.

    Raises:
        NotAuthorised: there is none.
    """
    if token := find(environment, url):
        return token
    raise NotAuthorised(
        f"There is no token for the environment {environment}.",
        hint=f"Run `civgen auth login --env {environment}`, or set {variable_of(environment)}.",
    )


def read_token(text: str) -> SecretStr:
    """A token as it was typed or piped in.

    Raises:
        InvalidInput: it cannot be one. The text is not repeated.
    """
    from pydantic import SecretStr

    if not _FORM.fullmatch(text := text.strip()):
        what = "is empty" if not text else "has characters that a token cannot have"
        raise InvalidInput(f"The token {what}.", hint="Give it on one line, and nothing else.")
    return SecretStr(text)


def keep(environment: str, url: str, secret: SecretStr, warn: Callable[[str], None]) -> Token:
    """Keep a token in the keyring, or else in a file.

    Args:
        warn: is told before it goes to a file.
    """
    if token := _into_keyring(environment, url, secret):
        _change_file(_name(environment, url), None)
        return token
    warn(f"There is no keyring here: the token goes to {file()}, which only you can read.")
    _change_file(_name(environment, url), secret.get_secret_value())
    return Token(secret, "file", str(file()))


def forget(environment: str, url: str) -> list[str]:
    """Take a token out of keyring and file; gives the places where it was."""
    places = []
    if kept := _in_keyring(environment, url):
        import keyring

        keyring.delete_password(SERVICE, _name(environment, url))
        places.append(kept.place)
    if _change_file(_name(environment, url), None):
        places.append(str(file()))
    return places


def variable_of(environment: str) -> str:
    """The variable of one environment; `CIVGEN_TOKEN` serves all.

    >>> variable_of("my-prod")
    'CIVGEN_TOKEN_MY_PROD'
    """
    return f"CIVGEN_TOKEN_{re.sub(r'[^A-Z0-9]', '_', environment.upper())}"


def file() -> Path:
    """Where tokens stand on machines without a keyring."""
    from platformdirs import user_config_path

    return user_config_path("civgen") / "tokens.json"


def _in_variables(environment: str) -> Token | None:
    names = (variable_of(environment), "CIVGEN_TOKEN")
    found = next((name for name in names if os.environ.get(name, "").strip()), None)
    return Token(read_token(os.environ[found]), "variable", found) if found else None


def _in_keyring(environment: str, url: str) -> Token | None:
    import keyring
    from keyring.errors import KeyringError
    from pydantic import SecretStr

    try:
        kept = keyring.get_password(SERVICE, _name(environment, url))
    except KeyringError:
        return None
    return Token(SecretStr(kept), "keyring", keyring.get_keyring().name) if kept else None


def _into_keyring(environment: str, url: str, secret: SecretStr) -> Token | None:
    """Keep it, and read it back: there are keyrings that take everything and keep nothing."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, _name(environment, url), secret.get_secret_value())
    except KeyringError:
        return None
    kept = _in_keyring(environment, url)
    return kept if kept and kept.secret == secret else None


def _in_file(environment: str, url: str) -> Token | None:
    from pydantic import SecretStr

    kept = _read_file().get(_name(environment, url))
    return Token(SecretStr(kept), "file", str(file())) if kept else None


def _read_file() -> Mapping[str, str]:
    path = file()
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
        tokens = json.loads(text)
    except FileNotFoundError:
        return {}
    except ValueError:
        tokens = None
    if not isinstance(tokens, dict):
        raise InvalidFile(f"{path} is not what civgen wrote.", hint="Delete it.", where=Where(str(path)))
    if os.name == "posix" and mode & _OTHERS:
        message = f"{path} holds tokens, and others can read it."
        raise NotAuthorised(message, hint=f"Run: chmod 600 {path}, and renew what stands in it.")
    return tokens


def _change_file(name: str, secret: str | None) -> bool:
    """Put a token into the file, or take it out; whether that changed anything."""
    known = dict(_read_file())
    changed = {key: value for key, value in known.items() if key != name}
    changed |= {} if secret is None else {name: secret}
    if changed == known:
        return False
    _write_file(json.dumps(changed, indent=2) + "\n")
    return True


def _write_file(text: str) -> None:
    """Replace the file at once; nobody else may read it at any moment."""
    path = file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _name(environment: str, url: str) -> str:
    """What a kept token belongs to.

    >>> _name("prod", "https://Orchestration.example/path")
    'prod https://orchestration.example'
    """
    parts = urlsplit(url)
    return f"{environment} {parts.scheme}://{parts.netloc.lower()}"
