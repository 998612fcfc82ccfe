"""Media of jobs, as links: an agent need not read them to pass them on."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.mcp.tool import Call, Link

if TYPE_CHECKING:
    from civgen.jobs.fetching import Fetched
    from civgen.jobs.watching import Sight
    from civgen.orchestrator.answers import Workflow

#: How the server names files of the workspace.
FILES = "civgen://workspace/"


def seen(call: Call, workflow: Workflow) -> None:
    """Link the results of a job that may be shown, where they lie on a server that can be reached."""
    from civgen.jobs.outline import full

    for output in full(workflow)["outputs"]:
        url = output.get("url")
        if url and url.startswith("https://"):
            call.links.append(Link(url, output["id"], mimetypes.guess_type(output["id"])[0]))


def fetched(call: Call, root: Path, file: Fetched) -> str | None:
    """Link a file that was fetched into the workspace; gives its address."""
    if file.path is None:
        return None
    uri = FILES + file.path.resolve().relative_to(root.resolve()).as_posix()
    call.links.append(Link(uri, file.path.name, mimetypes.guess_type(file.path.name)[0], file.size))
    return uri


def told_of(call: Call, sight: Sight) -> None:
    """Tell the client how far a job is."""
    place = f", {sight.preceding} before it" if sight.preceding else ""
    call.told(f"{sight.id} {sight.status}{place}", sight.progress)
