"""From a template and answers to the texts of files. Nothing but a temporary folder is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from civgen.scaffold.changes import Origin, Rendering

#: One folder a kind of addition; each is a Copier template without tasks and extensions.
TEMPLATES = Path(__file__).parent.parent / "scaffold_templates"


def render(kind: str, answers: Mapping[str, Any]) -> Rendering:
    """Render a template.

    Args:
        kind: name of its folder.
        answers: one for every question of its `copier.yml`.

    Returns:
        Text by path.
    """
    import copier

    with TemporaryDirectory(prefix="civgen-") as name:
        folder = Path(name)
        # Settings of the person's own Copier could answer questions, or trust unsafe features.
        settings = copier.Settings()
        copier.run_copy(
            str(TEMPLATES / kind), folder, data=dict(answers), defaults=True, quiet=True, settings=settings
        )
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    return Rendering(texts, Origin(kind, answers))
