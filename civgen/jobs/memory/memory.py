"""The last used values of a workspace, in one JSON file.

{"shared": {"workflow": "txt2img", "prompt": "a fox", …},
 "preferences": {"outputFormat": "png"},
 "workflows": {"img2vid": {"ecosystem": "Veo3", "images": […]}},
 "ecosystems": {"SDXL": {"model": {"id": 128078}, "steps": 30}}}
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, Where, display_path
from civgen.jobs.memory.files import alone, write_whole
from civgen.jobs.memory.scopes import ECOSYSTEMS, PREFERENCES, SHARED, WORKFLOWS

Values = dict[str, Any]
_FILE = "memory.json"


class Memory:
    """The file of a workspace; `state` is its folder for local state."""

    def __init__(self, state: Path) -> None:
        self.path = state / _FILE
        self._lock = state / "memory.lock"

    def read(self) -> Values:
        """All that is kept: `shared`, `preferences`, `workflows` and `ecosystems`, each perhaps empty.

        Raises:
            InvalidFile: the file was damaged.
        """
        kept: Values = {SHARED: {}, PREFERENCES: {}, WORKFLOWS: {}, ECOSYSTEMS: {}}
        try:
            said = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return kept
        except (OSError, ValueError) as error:
            raise self._damaged(str(error)) from None
        if not _is_sound(said, kept):
            raise self._damaged("it is not what civgen writes")
        return {**kept, **said}

    def change(self, change: Callable[[Values], None]) -> None:
        """Change what is kept; another process that does so at the same time waits.

        Raises:
            InvalidFile: the file was damaged; it stays as it is.
        """
        with alone(self._lock):
            kept = self.read()
            change(kept)
            write_whole(self.path, json.dumps(kept, indent=2, ensure_ascii=False, sort_keys=True) + "\n")

    def _damaged(self, why: str) -> InvalidFile:
        shown = display_path(self.path)
        hint = "Delete it to start afresh: it only holds what was used last."
        return InvalidFile(f"{shown} cannot be read: {why}.", hint=hint, where=Where(shown))


def _is_sound(said: Any, kept: Values) -> bool:
    if not isinstance(said, dict) or not said.keys() <= kept.keys():
        return False
    nested = (part for name in (WORKFLOWS, ECOSYSTEMS) for part in _values(said.get(name)))
    return all(isinstance(part, dict) for part in (*said.values(), *nested))


def _values(part: Any) -> list[Any]:
    return list(part.values()) if isinstance(part, dict) else []
