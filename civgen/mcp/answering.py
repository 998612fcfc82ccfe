"""From what a tool answers, or refuses, to what goes over the wire."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING, Any

from civgen.errors import CivgenError
from civgen.mcp.tool import Call, Link, Tool
from civgen.mcp.untrusted import cleaned, compact, marked

if TYPE_CHECKING:
    from mcp_types import CallToolResult

#: Options of the command line in a message, but not those within a quoted command.
_OPTION = re.compile(r"`[^`]*`|--([a-z][a-z-]*)")
_STATUS_HINT = "This is a bug of civgen, and its traceback is in the server's log."


def answered(tool: Tool, document: Any, call: Call) -> CallToolResult:
    """An answer: as data, and as text for clients that read only that."""
    from mcp_types import CallToolResult

    said = cleaned(document) if tool.source else document
    content = [_text(said, tool.source), *(_link(one) for one in call.links)]
    return CallToolResult(content=content, structured_content=said)


def refused(error: CivgenError, tool: Tool | None = None) -> CallToolResult:
    """A refusal: every problem, what is allowed, and the next step."""
    from mcp_types import CallToolResult

    document = error.as_json()
    document["error"]["next"] = [tool.next if tool else "List the tools."]
    said = cleaned(_spoken(document, tool.module.Input.model_fields if tool else ()))
    return CallToolResult(
        content=[_text(said, tool.source if tool else None)], structured_content=said, is_error=True
    )


def broken(error: Exception, tool: Tool) -> CallToolResult:
    """A bug of ours, without a traceback for an agent to reason about."""
    return refused(CivgenError(f"{type(error).__name__}: {error}", hint=_STATUS_HINT), tool)


def _text(document: Any, source: str | None) -> Any:
    from mcp_types import TextContent

    return TextContent(text=marked(document, source) if source else compact(document))


def _link(link: Link) -> Any:
    from mcp_types import ResourceLink

    return ResourceLink(uri=link.uri, name=link.name, mime_type=link.type, size=link.size)


def _spoken(value: Any, arguments: Container[str]) -> Any:
    """Messages that name options of the command line, with the arguments of the tool in their place."""
    if isinstance(value, str):
        return _OPTION.sub(lambda one: _argument(one, arguments), value)
    if isinstance(value, dict):
        return {key: part if key == "given" else _spoken(part, arguments) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_spoken(part, arguments) for part in value]
    return value


def _argument(option: re.Match[str], arguments: Container[str]) -> str:
    name = (option[1] or "").replace("-", "_")
    return name if name in arguments else option[0]
