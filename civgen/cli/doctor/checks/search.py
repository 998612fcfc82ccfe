"""The environment's search index: whether it answers, takes the key, and has the settings it should."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.cli.doctor.finding import Finding, broken, from_error, note, ok, refused
from civgen.cli.doctor.scene import SILENT, Scene, in_time
from civgen.errors import NotAuthorised, Unavailable

ORDER = 60


def check(scene: Scene) -> Iterator[Finding]:
    """Whether the index is there and as wanted."""
    from civgen.search.backends import open_backend
    from civgen.search.settings import differences, models_index
    from civgen.settings import find_search_key

    if scene.environment is None or scene.root is None:
        return
    environment, root = scene.environment, scene.root

    def look() -> Finding:
        # Opened here, since a file's connection belongs to its thread.
        backend = open_backend(environment, root, models_index())
        try:
            settings = backend.settings()
            if settings is None:
                return note(f"{backend.place} is not made yet", "civgen search sync")
            if differing := differences(backend.index, settings):
                what = f"{backend.place} answers; {len(differing)} of its settings differ"
                return note(what, "civgen search settings --apply")
            return ok(f"{backend.place} answers: {backend.count()} documents")
        finally:
            backend.close()

    try:
        yield in_time(environment.search, look)
    except Unavailable as error:
        yield broken(error.message, hint=SILENT, where=scene.setting("search"))
    except NotAuthorised as error:
        keep = f"python -m keyring set civgen {environment.name}/search"
        yield refused(error.message, find_search_key(environment), keep, scene.setting("search"))
    except Exception as error:
        yield from from_error(error, scene.setting("search"))
