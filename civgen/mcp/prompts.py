"""One prompt for each kind of addition: those are the tools that add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from civgen.errors import not_found
from civgen.mcp import guides
from civgen.mcp.tool import names

if TYPE_CHECKING:
    from mcp_types import GetPromptRequestParams, GetPromptResult, ListPromptsResult


async def listed(_: Any, __: Any) -> ListPromptsResult:
    """The prompts that there are."""
    from mcp_types import ListPromptsResult, Prompt, PromptArgument

    argument = PromptArgument(name="what", description="What is to be added, in your own words.")
    titles = guides.topics()
    return ListPromptsResult(
        prompts=[Prompt(name=name, title=titles[name], arguments=[argument]) for name in _kinds()]
    )


async def given(_: Any, params: GetPromptRequestParams) -> GetPromptResult:
    """A prompt: what is wanted, and how it is done with these tools."""
    from mcp.shared.exceptions import MCPError
    from mcp_types import INVALID_PARAMS, GetPromptResult, PromptMessage, TextContent

    if params.name not in _kinds():
        error = not_found("prompt", params.name, _kinds())
        raise MCPError(code=INVALID_PARAMS, message=f"{error.message} {error.hint}")
    what = (params.arguments or {}).get("what")
    wanted = f"{guides.topics()[params.name]}: {what}" if what else guides.topics()[params.name]
    text = f"{wanted}\n\nDo it with the tools of civgen, like this.\n\n{guides.journey(params.name)}"
    message = PromptMessage(role="user", content=TextContent(text=text))
    return GetPromptResult(messages=[message])


def _kinds() -> list[str]:
    return [name.replace("_", "-") for name in names() if name.startswith("add_")]
