"""The house without a terminal: what the command line and the MCP server are faces of.

Nothing here prints, prompts or ends a program. What is wrong is raised, as `civgen.errors` draws it.
"""

from __future__ import annotations

from civgen.api.workspace import Workspace

__all__ = ["Workspace"]
