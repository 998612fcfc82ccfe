"""Which workflow keys the step inputs of an engine carry out: by their names, else by the media they take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from civgen.catalog import Catalog
from civgen.catalog.records import Workflow
from civgen.orchestrator.contract import Leaf
from civgen.scaffold.leaves import OPERATION
from civgen.scaffold.media_in import MediaIn, media_in

#: Words that say nothing by themselves: media, which the properties tell better, and fillers.
_SILENT = frozenset(["text", "image", "video", "gen", "to", "of", "from", "that", "as"])
_FILLERS = frozenset(["a", "an", "and", "the"])
#: Letters in which two words must agree to be forms of one: `variant` and `variation`.
_STEM = 5
#: The likeness of an input that is called just as a workflow key is.
_SAME = 100
#: What an input called `image-to-video` starts from; others do not say it so.
_SOURCES = {"text": None, "image": "image", "video": "video", "audio": "audio"}
_ANY = "any"


@dataclass(frozen=True)
class Operation:
    """One step input that an engine builds.

    Attributes:
        media: what it starts from.
        workflows: the workflow keys that it carries out.
    """

    leaf: Leaf
    media: MediaIn
    workflows: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the contract calls it; empty where the engine has only one."""
        return self.leaf.discriminators.get(OPERATION, "")


def suggested(
    leaves: Sequence[Leaf], siblings: Sequence[Leaf], media: str, catalog: Catalog
) -> list[Operation]:
    """The operations with the workflow keys that they suggest; none for those that nothing can start.

    Args:
        siblings: all step inputs that differ in their operation only.
    """
    records = [one for one in catalog.workflows.records if one.output == media]
    usual = _usual(records)
    found = []
    for leaf in leaves:
        into = media_in(leaf, siblings)
        record = _suggested(leaf, into, records, usual)
        found.append(Operation(leaf, into, (record.becomes or record.key,) if record else ()))
    return _with_images(found, usual, catalog)


def assigned(found: Sequence[Operation], workflows: Sequence[str], catalog: Catalog) -> list[Operation]:
    """The operations for just these workflow keys, each going where it is suggested, or fits best."""
    keys: dict[str, list[str]] = {one.leaf.name: [] for one in found}
    for workflow in workflows:
        record = catalog.workflows[workflow].record
        wanted = record.becomes or record.key
        for one in _carried_out_by(wanted, record, found, catalog):
            keys[one.leaf.name].append(wanted)
    return [replace(one, workflows=tuple(dict.fromkeys(keys[one.leaf.name]))) for one in found]


def in_order(found: Sequence[Operation], catalog: Catalog) -> list[Operation]:
    """What starts from text first, then what starts from images, then the rest."""
    records = catalog.workflows.records
    sources = [None, "image", "video"]
    order = sorted(records, key=lambda one: (sources.index(one.source), ":" in one.key))
    place = {record.key: rank for rank, record in enumerate(order)}
    sorted_keys = (
        replace(one, workflows=tuple(sorted(one.workflows, key=place.__getitem__))) for one in found
    )
    return sorted(sorted_keys, key=lambda one: [place[key] for key in one.workflows])


def _carried_out_by(
    wanted: str, record: Workflow, found: Sequence[Operation], catalog: Catalog
) -> list[Operation]:
    if direct := [one for one in found if wanted in one.workflows]:
        return direct
    fitting = [one for one in found if one.media.takes(record.source)]

    def rank(one: Operation) -> tuple[int, bool]:
        sources = {catalog.workflows[key].record.source for key in one.workflows}
        return -_likeness(one.leaf, record), record.source not in sources

    return sorted(fitting, key=rank)[:1]


def _suggested(
    leaf: Leaf, into: MediaIn, records: Sequence[Workflow], usual: dict[str | None, Workflow]
) -> Workflow | None:
    """The workflow key that an input is for by its name, else the usual one for what it needs."""
    start, *rest = (*_words(leaf.discriminators.get(OPERATION, "")), "")
    source = _SOURCES.get(start, _ANY) if rest[:1] == ["to"] else _ANY
    fitting = [one for one in records if source in (_ANY, one.source)]
    named = max(fitting, key=lambda one: _likeness(leaf, one), default=None)
    if named is None or not _likeness(leaf, named):
        named = usual.get(into.needs if source is _ANY else source)
    return named if named and into.takes(named.source) else None


def _usual(records: Sequence[Workflow]) -> dict[str | None, Workflow]:
    """The workflow key for each medium to start from, where nothing tells more."""
    found: dict[str | None, Workflow] = {}
    for one in sorted(records, key=lambda one: ":" in one.key):
        if one.engine is None:
            found.setdefault(one.source, one)
    with_images = found[None].with_images
    return found | {one.source: one for one in records if one.key == with_images}


def _with_images(
    found: list[Operation], usual: dict[str | None, Workflow], catalog: Catalog
) -> list[Operation]:
    """An input that may take images serves both with and without, unless there is another for the latter."""
    served = {catalog.workflows[key].record.source for one in found for key in one.workflows}
    able = (one for one in found if one.workflows and one.media.needs is None and one.media.takes("image"))
    both = None if "image" in served else next(able, None)
    return [
        replace(one, workflows=(*one.workflows, usual["image"].key)) if one is both else one for one in found
    ]


def _likeness(leaf: Leaf, record: Workflow) -> int:
    """How many telling words the names of an input share with a workflow key; many if they are the same."""
    name = _words(leaf.discriminators.get(OPERATION, ""))
    if name and name == _words(record.label):
        return _SAME
    own = {one[:_STEM] for text in (record.label, record.description) for one in _words(text)}
    return len({one[:_STEM] for one in (*name, *_words(leaf.step_type)) if one not in _SILENT} & own)


def _words(text: str) -> list[str]:
    """The words of a text or of an identifier, without plural and fillers.

    >>> _words("firstLastFrameToVideo") == _words("First and last frame to video")
    True
    """
    words = (one.lower() for one in re.findall(r"[A-Z]?[a-z]+", text))
    return [one.removesuffix("s") for one in words if one not in _FILLERS]
