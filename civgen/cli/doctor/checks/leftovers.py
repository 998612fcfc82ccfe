"""What was begun and not ended: submissions without an answer, batches that were cut off."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from civgen.cli.doctor.finding import Finding, from_error, note, ok
from civgen.cli.doctor.scene import Scene
from civgen.errors import display_path

ORDER = 90


def check(scene: Scene) -> Iterator[Finding]:
    """What the journal has of this environment that is still open."""
    from civgen.jobs.journal import Journal
    from civgen.jobs.leftovers import leftovers_in

    if scene.environment is None or scene.root is None:
        return
    journal, name = Journal(scene.root / ".civgen" / "journal.sqlite"), scene.environment.name
    if not journal.path.exists():
        yield ok("nothing was submitted from here yet")
        return
    try:
        left = leftovers_in(journal, name)
    except Exception as error:
        # Moved and not deleted: it may be all that tells which submissions were never answered.
        file = shlex.quote(display_path(journal.path))
        yield from from_error(error, do=f"mv {file} {file}.away")
        return
    if left.unanswered:
        newest = left.unanswered[0]
        yield note(
            f"{len(left.unanswered)} submitted without an answer on record, the last at {newest.asked_at}: "
            "refused, or cut off on the way",
            f"civgen submit --resume {newest.external_id}",
            "It goes out under the same externalId, so that it is never run twice; if it was never accepted, "
            "it runs and costs now.",
        )
    for batch, open_lines in left.batches:
        yield note(
            f"batch {batch.id} of {batch.created_at}: {open_lines:,} of {batch.total:,} lines not answered",
            f"civgen batch resume {batch.id}",
        )
    if not left:
        yield ok("every submission has its answer, every batch is complete")
