"""All media of one request: those of this machine checked, sizes read where the form needs them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from civgen.errors import CivgenError, InvalidInput, Problem
from civgen.forms.conditions import Facts
from civgen.forms.form import Filled, Form, Mode
from civgen.forms.kinds.media import unmeasured
from civgen.jobs.media.sources import NOWHERE, Source, label_of, names_content, open_source
from civgen.jobs.media.uploads import Uploads
from civgen.orchestrator.addresses import without_query

#: How an address begins that a step may be given.
_TAKEN = ("https://", "http://", "urn:air:")
_SIZE_HINT = "Give it as URL@1024x768 on the command line, or as width and height beside url."


@dataclass(slots=True)
class Media:
    """What was found out about the media of one request.

    Attributes:
        sources: what must be uploaded, by the stand-in of each.
        problems: what is wrong with them.
        read: what the first bytes of URLs told, in words.
        open: what could not be told though it would have been of use, in words.
        uploads: the uploads of the command that this request is part of.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    uploads: Uploads = field(default_factory=Uploads, repr=False)

    @property
    def waiting(self) -> list[str]:
        """What is uploaded when the request is submitted, in words."""
        return [f"{one} is not uploaded yet: submitting does that" for one in self.sources.values()]


@dataclass
class MediaReader:
    """What may be read to understand a request. By default nothing: requests may come from anywhere.

    Attributes:
        files: whether paths of this machine may be named.
        network: whether URLs may be asked for sizes.
        private: whether also those of this machine and its network.
        within: the folder in which files must lie and from which paths count; None for anywhere, from here.
    """

    files: bool = False
    network: bool = False
    private: bool = False
    within: Path | None = None
    uploads: Uploads = field(default_factory=Uploads, repr=False)
    #: What each URL told, or why it told nothing: a batch often names one many times.
    _told: dict[tuple[str, str], Mapping[str, float] | CivgenError] = field(default_factory=dict, repr=False)

    def fill(self, form: Form, given: Mapping[str, Any], facts: Facts, mode: Mode) -> tuple[Filled, Media]:
        """Fill a form whose media may be files, data URLs, or URLs without a size."""
        media = Media(uploads=self.uploads)
        asked = [one for one in form.fields if one.holds_media and given.get(one.key)]
        if not asked:
            return form.fill(given, facts, mode), media
        found = {
            one.key: one.with_media(given[one.key], _Own(self.files, media, self.within)) for one in asked
        }
        filled = form.fill({**given, **found}, facts, mode)
        if needy := unmeasured(filled):
            measured = {
                key: form[key].with_media(found[key], _Measured(self, media, every))
                for key, every in needy.items()
            }
            filled = form.fill({**given, **found, **measured}, facts, mode)
        filled.problems.extend(media.problems)
        return filled, media

    def measures(self, url: str, medium: str) -> Mapping[str, float]:
        """The measures of what lies at `url`, which is asked once.

        Raises:
            CivgenError: it does not tell, or may not be asked.
        """
        from civgen.jobs.media.remote import read_measures

        key = (url, medium)
        if key not in self._told:
            try:
                self._told[key] = read_measures(url, medium, private=self.private)
            except CivgenError as error:
                self._told[key] = error
        known = self._told[key]
        if isinstance(known, CivgenError):
            raise known
        return known


@dataclass(frozen=True, slots=True)
class _Own:
    """Puts stand-ins in the place of media of this machine; fits `Field.with_media`."""

    files: bool
    media: Media
    within: Path | None

    def __call__(self, entry: Any, medium: str, place: str) -> Any:
        entry = {"url": entry} if isinstance(entry, str) else entry
        url = entry.get("url") if isinstance(entry, Mapping) else None
        if not isinstance(url, str) or not url:
            return entry  # the form says what is missing
        try:
            return self._understood(entry, url, medium, place)
        except InvalidInput as error:
            message = f"({label_of(url)}) {error.message}"
            self.media.problems.append(Problem(place, message, hint=error.hint))
            return {**entry, "url": NOWHERE, "width": 1, "height": 1}

    def _understood(self, entry: Mapping[str, Any], url: str, medium: str, place: str) -> Mapping[str, Any]:
        if not names_content(url):
            if not url.lower().startswith(_TAKEN):
                raise InvalidInput(
                    "is no address that is taken", hint="https://… is, and so is a file's path."
                )
            return entry
        if not (self.files or url.lower().startswith("data:")):
            raise InvalidInput("is no URL", hint="Files of this machine are only read on the command line.")
        source = open_source(url if self.within is None else _confined(url, self.within), medium, place)
        if wrong := [n for n in ("width", "height") if entry.get(n) not in (None, source.measures.get(n))]:
            told = ", ".join(f"{name} {source.measures[name]:g}" for name in wrong)
            raise InvalidInput(f"has {told}", hint="Leave the size out: it is read from the file.")
        self.media.sources.setdefault(source.stand_in, source)
        known = entry.get("metadata") or {}
        if not isinstance(known, Mapping):
            return {**entry, "url": source.stand_in}  # the form says what is wrong with them
        own = {"metadata": {**source.measures, **known}} if medium == "video" else source.measures
        return {**entry, "url": source.stand_in, **own}


def _confined(reference: str, folder: Path) -> str:
    """A path counted from a folder, which it must not leave; hidden files are nobody's media."""
    if reference.lower().startswith("data:"):
        return reference
    home = folder.resolve()
    with suppress(ValueError):  # what no file can be called
        path = (home / reference).resolve()
        inside = path.relative_to(home).parts if path.is_relative_to(home) else ()
        if inside and not any(part.startswith(".") for part in inside):
            return str(path)
    raise InvalidInput("is no file of the workspace", hint="Put it there, or give an https:// address.")


@dataclass(frozen=True, slots=True)
class _Measured:
    """Adds the size to media at URLs that lack it; fits `Field.with_media`.

    `every` is false where the first is enough.
    """

    reader: MediaReader
    media: Media
    every: bool

    def __call__(self, entry: Any, medium: str, place: str) -> Any:
        size = "metadata" if medium == "video" else "width"
        enough = isinstance(entry, Mapping) and entry.get(size)
        if enough or not (self.every or place.endswith("[0]")) or not isinstance(entry, Mapping):
            return entry
        try:
            if not self.reader.network:
                raise InvalidInput("must have width and height, which the form needs")
            told = self.reader.measures(entry["url"], medium)
        except CivgenError as error:
            self._unknown(place, error, medium)
            return entry
        said = ", ".join(f"{name} {value:g}" for name, value in told.items())
        self.media.read.append(f"{place}: {said}, by the first bytes of {without_query(entry['url'])}")
        return {**entry, "metadata": dict(told)} if medium == "video" else {**entry, **told}

    def _unknown(self, place: str, error: CivgenError, medium: str) -> None:
        """Of an image the form must know it; of a video it only helps to refuse what is too large."""
        if medium == "video":
            self.media.open.append(f"size, speed and length of {place}: {error.message}")
        else:
            self.media.problems.append(Problem(place, error.message, hint=_SIZE_HINT))
