"""A generation request among the arguments of a tool."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from civgen.mcp.tool import Asked

#: What to do when a request does not fit.
NEXT = "Call `form` with the same request: it shows what may be filled in."


class RequestAsked(Asked):
    """A request, and what it is judged by."""

    request: Annotated[
        dict[str, Any],
        Field(
            description='Flat JSON: {"ecosystem", "workflow", "model": {"id"}, "prompt", …}, as `form` shows.'
        ),
    ]
    resources: Annotated[
        list[dict[str, Any]], Field(description="Resource records in place of the database.")
    ] = []
    repair: Annotated[bool, Field(description="Change what does not fit, and say so.")] = False

    @property
    def order(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"request": self.request, "resources": self.resources, "repair": self.repair}
