"""Files that workflows made or users uploaded."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from civgen.errors import NotFound
from civgen.sandbox.documents import blob_json, made_blob
from civgen.sandbox.links import Links
from civgen.sandbox.outputs import Output, outputs_of
from civgen.sandbox.record import Record
from civgen.sandbox.refusals import Blocked
from civgen.sandbox.store import Store

_MADE_HERE = re.compile(r"(\w{32})-(\d{1,6})-(\d{1,6})\.(\w+)", re.ASCII)
_ENDINGS = {"jpg": "jpeg", "svg+xml": "svg", "quicktime": "mov", "mpeg": "mp3"}
#: What makes moderation stop an upload, anywhere in its bytes.
_BLOCK_WORD = b"[sandbox:block]"
_KINDS = ("stored", "ephemeral")


@dataclass(frozen=True)
class Blobs:
    """The files of a store."""

    store: Store

    def upload(self, user: str, data: bytes, content_type: str) -> str:
        """Keep a file; gives its blob's id.

        Raises:
            Blocked: it says that moderation stops it.
        """
        if _BLOCK_WORD in data:
            raise Blocked("The upload was blocked by moderation")
        ending = content_type.partition("/")[2]
        blob_id = f"{uuid4().hex}.{_ENDINGS.get(ending, ending)}"
        self.store.keep_upload(blob_id, user, content_type, data)
        return blob_id

    def blob(self, blob_id: str, links: Links, user: str | None = None) -> dict[str, Any]:
        """A blob, of `user` unless that is None.

        Raises:
            NotFound: there is none, or not yet.
        """
        uploaded = self.store.upload(blob_id)
        if uploaded and user in (None, uploaded[0]):
            return blob_json(uploaded[1].partition("/")[0], blob_id, links)
        record, step, output = self._made(blob_id, links.now, user)
        return made_blob(record, step, output, links)

    async def content(self, blob_id: str, now: float) -> tuple[str, bytes]:
        """Content type and content of a blob.

        Raises:
            NotFound: there is none, or not yet.
        """
        if uploaded := self.store.upload(blob_id):
            return uploaded[1:]
        output = self._made(blob_id, now, None)[2]
        return output.content_type, await asyncio.to_thread(output.draw)

    def _made(self, blob_id: str, now: float, user: str | None) -> tuple[Record, int, Output]:
        missing = NotFound(f"There is no blob {blob_id}")
        named = _MADE_HERE.fullmatch(blob_id)
        if not named:
            raise missing
        record, step = self.store.get(named[1], user, _KINDS), int(named[2])
        if step >= len(record.slots) or record.moments(now)[step].status != "succeeded":
            raise missing
        for output in outputs_of(record.template["steps"][step]):
            if output.number == int(named[3]) and output.ending == named[4]:
                return record, step, output
        raise missing
