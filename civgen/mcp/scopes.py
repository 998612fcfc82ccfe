"""What a plan of the database is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from civgen.mcp.tool import Asked

if TYPE_CHECKING:
    from civgen.db.scope import Scope


class ScopeAsked(Asked):
    """What is wanted beside the rows that always are."""

    prune: Annotated[bool, Field(description="Delete rows that civgen made and nothing asks for.")] = False
    auctions: Annotated[list[str], Field(description="Ecosystems whose AuctionBase row is wanted.")] = []
    delete: Annotated[list[str], Field(description="Rows to delete, each TABLE:KEY.")] = []

    @property
    def scope(self) -> Scope:
        """As a plan takes it."""
        from civgen.db.scope import Scope

        return Scope(self.prune, tuple(self.auctions), tuple(self.delete))
