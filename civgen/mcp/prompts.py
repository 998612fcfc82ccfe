"""One prompt for each kind of addition: those that the guide tells a workspace how to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from civgen.errors import not_found
from civgen.mcp import guides

if TYPE_CHECKING:
    from mcp_types import GetPromptRequestParams, GetPromptResult, ListPromptsResult

    from civgen.api import Workspace


class Prompts:
    """The prompts of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def listed(self, _: Any, __: Any) -> ListPromptsResult:
        """The prompts that there are."""
        from mcp_types import ListPromptsResult, Prompt, PromptArgument

        argument = PromptArgument(name="what", description="What is to be added, in your own words.")
        return ListPromptsResult(
            prompts=[
                Prompt(name=name, title=topic.title, description=topic.when, arguments=[argument])
                for name, topic in guides.additions().items()
            ]
        )

    async def given(self, _: Any, params: GetPromptRequestParams) -> GetPromptResult:
        """A prompt: what is wanted, and how it is done."""
        from mcp.shared.exceptions import MCPError
        from mcp_types import INVALID_PARAMS, GetPromptResult, PromptMessage, TextContent

        known = guides.additions()
        if params.name not in known:
            error = not_found("prompt", params.name, known)
            raise MCPError(code=INVALID_PARAMS, message=f"{error.message} {error.hint}")
        what = (params.arguments or {}).get("what")
        wanted = f"{known[params.name].title}: {what}" if what else known[params.name].title
        how = guides.journey(params.name, self._workspace)
        content = TextContent(text=f"{wanted}\n\nDo it with the tools of civgen, like this.\n\n{how}")
        return GetPromptResult(messages=[PromptMessage(role="user", content=content)])
