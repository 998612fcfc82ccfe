"""What a client may read: pages of the catalogue and of the guide, and files of the workspace."""

from __future__ import annotations

import asyncio
import base64
import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from civgen.errors import CivgenError, InvalidInput, NotFound, Refused
from civgen.mcp import guides
from civgen.mcp.media import FILES

if TYPE_CHECKING:
    from mcp_types import (
        ListResourcesResult,
        ListResourceTemplatesResult,
        PaginatedRequestParams,
        ReadResourceRequestParams,
        ReadResourceResult,
    )

    from civgen.api import Workspace

CATALOG, GUIDE = "civgen://catalog/", "civgen://guide/"
#: Entries of a page of the listing.
_PAGE = 100
#: Bytes of a file that is read over the protocol; larger media are for `download`.
_LARGEST = 16_000_000


class Resources:
    """The resources of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def listed(self, _: Any, params: PaginatedRequestParams | None) -> ListResourcesResult:
        """A page of them: the guide, the workspace's files, the ecosystems."""
        from mcp_types import ListResourcesResult

        cursor = params.cursor if params else None
        start = int(cursor) if cursor and cursor.isdecimal() else 0
        everything = await asyncio.to_thread(lambda: [*self._everything()])
        end = start + _PAGE
        behind = str(end) if end < len(everything) else None
        return ListResourcesResult(resources=everything[start:end], next_cursor=behind)

    async def templates(self, _: Any, __: Any) -> ListResourceTemplatesResult:
        """How their addresses are made."""
        from mcp_types import ListResourceTemplatesResult, ResourceTemplate

        made = {
            "catalogue": (CATALOG + "{name}", "All that is known of a name, as `show`.", "application/json"),
            "guide": (GUIDE + "{topic}", "How something is done.", "text/markdown"),
            "file": (FILES + "{+path}", "A file of the workspace.", None),
        }
        return ListResourceTemplatesResult(
            resource_templates=[
                ResourceTemplate(name=name, uri_template=uri, description=about, mime_type=kind)
                for name, (uri, about, kind) in made.items()
            ]
        )

    async def read(self, _: Any, params: ReadResourceRequestParams) -> ReadResourceResult:
        """What stands at an address."""
        from mcp.shared.exceptions import MCPError
        from mcp_types import INVALID_PARAMS

        try:
            return await asyncio.to_thread(self._read, str(params.uri))
        except CivgenError as error:
            message = f"{error.message} {error.hint or ''}".strip()
            raise MCPError(code=INVALID_PARAMS, message=message, data={"uri": str(params.uri)}) from None

    def _everything(self) -> Iterator[Any]:
        from mcp_types import Resource

        for topic, title in guides.topics().items():
            yield Resource(uri=GUIDE + topic, name=topic, title=title, mime_type="text/markdown")
        for path in self._files():
            yield Resource(uri=FILES + quote(path), name=path, mime_type=_kind(path))
        for row in self._workspace.listing("ecosystems"):
            yield Resource(uri=CATALOG + quote(row["key"]), name=row["key"], mime_type="application/json")

    def _files(self) -> Iterator[str]:
        """The files that a team keeps: neither hidden ones nor what was made of them."""
        root = self._workspace.root
        for path in sorted(root.rglob("*")) if root else ():
            relative = path.relative_to(root) if root else path
            if path.is_file() and is_open(relative) and not _leads_out(path, root):
                yield relative.as_posix()

    def _read(self, uri: str) -> ReadResourceResult:
        from mcp_types import ReadResourceResult, TextResourceContents

        if uri.startswith(GUIDE):
            text, kind = guides.page(unquote(uri.removeprefix(GUIDE)), self._workspace), "text/markdown"
        elif uri.startswith(CATALOG):
            found = self._workspace.show(unquote(uri.removeprefix(CATALOG)))
            text, kind = json.dumps(found, ensure_ascii=False, default=str), "application/json"
        elif uri.startswith(FILES):
            return self._file(uri, unquote(uri.removeprefix(FILES)))
        else:
            raise NotFound(f"There is nothing at {uri}.", hint=f"Try {GUIDE}, {CATALOG} or {FILES}.")
        return ReadResourceResult(contents=[TextResourceContents(uri=uri, text=text, mime_type=kind)])

    def _file(self, uri: str, name: str) -> ReadResourceResult:
        from mcp_types import BlobResourceContents, ReadResourceResult, TextResourceContents

        from civgen.scaffold.changes import confined

        root = self._workspace.home.required
        try:
            path = confined(root, name)
        except (Refused, ValueError):  # ValueError: what no file can be called
            raise Refused(f"{name!r} is no file of the workspace.") from None
        if not is_open(path.relative_to(root.resolve())) or not path.is_file():
            raise NotFound(f"The workspace has no file {name!r} to be read.")
        if path.stat().st_size > _LARGEST:
            raise InvalidInput(f"{name} has {path.stat().st_size:,} bytes, more than are read at once.")
        content, kind = path.read_bytes(), _kind(name)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            blob = base64.b64encode(content).decode()
            return ReadResourceResult(contents=[BlobResourceContents(uri=uri, blob=blob, mime_type=kind)])
        return ReadResourceResult(contents=[TextResourceContents(uri=uri, text=text, mime_type=kind)])


def is_open(relative: Path) -> bool:
    """Whether a path is one that a team keeps; hidden folders have tokens, journals and offers."""
    return not any(part.startswith(".") or part == "__pycache__" for part in relative.parts)


def _leads_out(path: Path, root: Path | None) -> bool:
    return root is not None and not path.resolve().is_relative_to(root.resolve())


def _kind(name: str) -> str:
    ours = {".toml": "application/toml", ".md": "text/markdown", ".py": "text/x-python"}
    return ours.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
