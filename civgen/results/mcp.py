"""What `civgen mcp` answers."""

from __future__ import annotations

from typing_extensions import TypedDict


class Served(TypedDict):
    """Where agents are served under `--http`.

    Attributes:
        url: To which they talk.
        token_in: Where the token stands that they must send.
    """

    url: str
    token_in: str
