"""civgen: add a base model or an engine as one file, derive everything else from it.

    from civgen import Workspace

    workspace = Workspace.open()
    print(workspace.price({"ecosystem": "Veo3", "prompt": "a lighthouse", "duration": 8}).price)

What is named here is the Python API; it is imported when it is first asked for.
"""

from __future__ import annotations

# Importing `typing` would take longer than all the rest; type checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from civgen.api import Workspace
    from civgen.errors import CivgenError

__version__ = "0.1.0"
__all__ = ["CivgenError", "Workspace", "__version__"]

_HOMES = {"CivgenError": "civgen.errors", "Workspace": "civgen.api"}


def __getattr__(name: str) -> Any:
    """A public name, imported now."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
