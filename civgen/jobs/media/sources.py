"""A local file or a data URL: opened with care, recognised, measured, held against the limits."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import errno
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from civgen.errors import InvalidInput
from civgen.jobs.media.kinds import Look, described, look
from civgen.jobs.media.limits import LIMITS, too_large, too_wide

#: Where media seem to lie that are not uploaded yet: a name that never resolves (RFC 2606), and says so.
NOWHERE = "https://not-uploaded-yet.invalid/"
#: Characters of a data URL that are shown, and of a path.
_SHOWN, _LONG = 40, 200
#: Not on every system: a symlink is not followed, and opening a pipe does not wait for a writer.
_CAREFULLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Source:
    """A medium that must be uploaded before a request can use it.

    Attributes:
        field: its place in the request, such as `images[0]`.
        label: the path as it was given, or the beginning of a data URL.
        type: its media type, by its content.
        size: bytes.
        measures: see `Look`.
        path: the file; None for a data URL, whose `content` is kept.
    """

    field: str
    label: str
    type: str
    size: int
    sha256: str
    measures: Mapping[str, float]
    path: Path | None = None
    content: bytes = dataclasses.field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"{self.field} ({self.label}, {self.type}, {self.size:,} bytes)"

    @property
    def medium(self) -> str:
        """`image` or `video`."""
        return self.type.partition("/")[0]

    @property
    def stand_in(self) -> str:
        """The URL that stands in a body for it until it is uploaded: the same for the same content."""
        name = self.path.name if self.path else "data." + self.type.partition("/")[2]
        return f"{NOWHERE}{quote(name)}?sha256={self.sha256[:32]}"

    def read(self) -> bytes:
        """Its content, which must be what was looked at.

        Raises:
            InvalidInput: the file is gone, or has another content by now.
        """
        data = read_file(self.path, self.medium) if self.path else self.content
        if sha256(data).hexdigest() != self.sha256:
            raise InvalidInput("has changed since it was checked", hint="Run it again.")
        return data

    def as_json(self) -> dict[str, Any]:
        """What is told of it."""
        return {"field": self.field, "file": self.label, "size": self.size, "type": self.type}


def open_source(reference: str, medium: str, place: str) -> Source:
    """Read and check what `reference` names.

    Args:
        reference: a path, relative to the current directory, or a `data:` URL.
        medium: what it must be, `image` or `video`.
        place: its field in the request.

    Raises:
        InvalidInput: it cannot be read, or is not taken; with the reason, and a hint.
    """
    path = None if _is_data(reference) else Path(reference)
    data = read_file(path, medium) if path else _decoded(reference, medium)
    seen = look(data)
    if reason := _not_taken(data, seen, medium):
        raise reason
    label, digest = label_of(reference), sha256(data).hexdigest()
    kept = b"" if path else data
    return Source(place, label, seen.type or "", len(data), digest, seen.measures, path, kept)


def label_of(reference: str) -> str:
    """A reference as it may be shown: a data URL would fill the screen."""
    if len(reference) <= (_SHOWN if _is_data(reference) else _LONG):
        return reference
    return f"{reference[:_SHOWN]}… ({len(reference)} characters)"


def names_content(reference: str) -> bool:
    """Whether a text names a file of this machine or is a data URL, rather than the address of something.

    A scheme of one letter is the drive of a Windows path.
    """
    return _is_data(reference) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", reference)


def read_file(path: Path, medium: str) -> bytes:
    """A regular file's content.

    Raises:
        InvalidInput: it is not there, is something else, may not be read, is empty or too large.
    """
    try:
        handle = os.open(path, _CAREFULLY)
    except (OSError, ValueError) as error:
        raise _unopened(path, error) from None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            what = "a directory" if stat.S_ISDIR(state.st_mode) else "no regular file"
            raise InvalidInput(f"is {what}", hint="Name one file.")
        _refuse_size(state.st_size, medium)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(LIMITS[medium].size + 1)
    finally:
        os.close(handle)


def _is_data(reference: str) -> bool:
    return reference[:5].lower() == "data:"


def _decoded(reference: str, medium: str) -> bytes:
    """What a data URL holds (RFC 2397)."""
    head, comma, body = reference.partition(",")
    if not comma:
        hint = "For instance data:image/png;base64,iVBORw0…"
        raise InvalidInput("is no data URL: it has no comma before its content", hint=hint)
    # Four characters are three bytes: what is too large is not decoded first.
    _refuse_size(max(1, len(body) * 3 // 4 - 2), medium)
    data = unquote_to_bytes(body)
    if head.lower().endswith(";base64"):
        try:
            data = base64.b64decode(data, validate=True)
        except binascii.Error:
            raise InvalidInput("is not valid base64", hint="It may have been cut short.") from None
    _refuse_size(len(data), medium)
    return data


def _refuse_size(size: int, medium: str) -> None:
    if size == 0:
        raise InvalidInput("is empty", hint="It may not have been written to its end.")
    if reason := too_large(medium, size):
        raise InvalidInput(reason, hint=f"The limit is from {LIMITS[medium].source}.")


def _not_taken(data: bytes, seen: Look, medium: str) -> InvalidInput | None:
    """The first reason not to take a file, from the coarsest to the finest."""
    limit = LIMITS[medium]
    names = ", ".join(limit.types.values())
    if seen.type not in limit.types:
        message = f"is {described(data, seen.type)} by its content, not one of {names}"
        return InvalidInput(message, hint=f"The limit is from {limit.source}.")
    if not seen.whole:
        return InvalidInput("is cut short: its end is missing", hint="Copy or download it again.")
    if medium == "image" and not seen.measures:
        return InvalidInput("does not tell its width and height", hint="Save it again with an image editor.")
    if reason := too_wide(medium, seen.measures):
        return InvalidInput(
            reason, hint=f"Make it smaller; civgen changes no image. The limit is from {limit.source}."
        )
    return None


def _unopened(path: Path, error: Exception) -> InvalidInput:
    number = getattr(error, "errno", None)
    if number == errno.ELOOP:
        hint = f"Name the file itself: {os.path.realpath(path)}"
        return InvalidInput("is a symbolic link, which is not followed", hint=hint)
    if number == errno.ENOENT:
        hint = "Paths count from the current directory; a URL begins with https://."
        return InvalidInput("is neither a URL nor a file that is there", hint=hint)
    if number in (errno.EACCES, errno.EPERM):
        return InvalidInput("may not be read", hint="Check its permissions.")
    reason = getattr(error, "strerror", None) or str(error)
    return InvalidInput(f"cannot be read: {reason}", hint="Give a path, a URL or a data URL.")
