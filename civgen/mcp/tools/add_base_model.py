"""Add a base model with a version, to a new ecosystem or one that there is.

`checkpoint`, `model_id`: numbers of the version and its model. `parent`: what a new ecosystem descends from
and takes engine, forms and workflow keys from; without one say `media`, `engine`, `workflows`. `license`,
`family`: as `list` has them. Without `write` it shows the diff and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from civgen.mcp import added
from civgen.mcp.tool import Asked, Call
from civgen.scaffold.answers import BaseModelAnswers

if TYPE_CHECKING:
    from civgen.api import Workspace

HINTS = added.HINTS
NEXT = added.NEXT


class Input(BaseModelAnswers, Asked):
    write: added.Write = False


Output = added.Added


def run(workspace: Workspace, asked: Input, _: Call) -> added.Added:
    return added.answer(workspace.add.base_model(**asked.model_dump(exclude_unset=True)))
