"""How jobs look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from civgen.cli.output import card, console, note, table

if TYPE_CHECKING:
    from rich.table import Table

    from civgen.jobs.fetching import Fetched
    from civgen.jobs.watching import Sight

_BAR = 20
_COLUMNS = ("id", "status", "made", "results", "Buzz", "what", "prompt")
#: What a narrow screen has no room for, the first to go first.
_SPARE = ("results", "Buzz", "made", "prompt", "what")
_COSTS = ("engine", "jobs", "free", "estimate", "quoted", "charged", "ratio", "off")
#: Of jobs being watched, with the characters in a line from which on there is room for each.
_WATCHED = {"job": 0, "status": 0, "before it": 100, "progress": 56, "left": 80}


def plain(text: Any) -> str:
    """Text of somebody else's without what a terminal would obey."""
    return "".join(one if one.isprintable() else " " for one in str(text))


def show_list(document: Mapping[str, Any]) -> None:
    """The jobs of a listing, and how to go on."""
    if not document["jobs"]:
        note("No jobs.")
        return
    table(_COLUMNS, map(_row, document["jobs"]), spare=_SPARE)


def _row(job: Mapping[str, Any]) -> list[str]:
    charged = job["cost"] if job["charged"] is None else job["charged"]
    shown = job["results"] - job["keptBack"]
    return [
        job["id"],
        job["status"],
        (job["createdAt"] or "")[5:16].replace("T", " "),
        f"{shown} of {job['results']}" if job["keptBack"] else str(job["results"]),
        "unknown" if charged is None else f"{charged:g}",
        plain(" ".join(filter(None, (job["ecosystem"], job["workflow"])))),
        shortened(job["prompt"] or "", 40),
    ]


def show_changed(done: str, ids: Iterable[str]) -> None:
    """What was done to which jobs."""
    from rich.text import Text

    out = console()
    for one in ids:
        out.print(Text(f"{one} {done}"))


def shortened(text: str, longest: int) -> str:
    """The beginning of a text, on one line."""
    text = " ".join(plain(text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def show_job(document: Mapping[str, Any]) -> None:
    """Everything about one job; of results that are kept back, why, and what would show them."""
    hidden = ("steps", "outputs", "results", "keptBack", "transactions")
    words = {name: value for name, value in document.items() if name not in hidden}
    steps = [f"{step['name']} {step['type']} {step['status']}" for step in document["steps"]]
    card(words | {"prompt": shortened(document["prompt"] or "", 400), "steps": steps})
    columns = ("result", "type", "size", "level", "shown")
    if document["outputs"]:
        table(columns, (_output(one) for one in document["outputs"]))
    show_kept_back(document["outputs"])


def _output(one: Mapping[str, Any]) -> list[Any]:
    size = f"{one['width']}x{one['height']}" if one["width"] else None
    return [
        one["number"],
        one["type"],
        size,
        one["level"] or "unrated",
        "yes" if one["shown"] else one["reason"],
    ]


def show_kept_back(outputs: Iterable[Mapping[str, Any]]) -> None:
    """Why results are kept back, and what would show them, each reason once."""
    reasons = [(one["why"], one.get("resolve")) for one in outputs if not one["shown"]]
    for why, resolve in dict.fromkeys(reasons):
        count = reasons.count((why, resolve))
        note(f"{count} kept back: {plain(why)}" + (f"; {plain(resolve)}" if resolve else "") + ".")


def watch_table(sights: Iterable[Sight]) -> Table:
    """Jobs being watched: what each waits for, and for how long; as much of it as the screen has room for."""
    from rich import box
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    room = console().width
    shown = [name for name, least in _WATCHED.items() if room >= least]
    drawn = Table(*shown, box=box.SIMPLE_HEAD, pad_edge=False)
    for sight in sights:
        told = sight.progress is not None
        width = _BAR if room >= _WATCHED["before it"] else _BAR // 2
        bar = ProgressBar(total=1, completed=sight.progress or 0, width=width) if told else ""
        before = "" if sight.preceding is None or sight.is_over else str(sight.preceding)
        cells: dict[str, Any] = {"job": sight.id, "status": sight.status, "before it": before,
                                 "progress": bar, "left": _left(sight.seconds_left())}  # fmt: skip
        drawn.add_row(*(cells[name] for name in shown))
    return drawn


def _left(seconds: int | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def show_fetched(files: Iterable[Fetched]) -> None:
    """What was downloaded, a file a line, and what was not, with the reason."""
    from rich.text import Text

    out = console()
    kept = []
    for one in files:
        if one.outcome == "kept back":
            kept.append(one.as_json())
        elif one.error is None:
            was_there = "  was there already" if one.outcome == "present" else ""
            out.print(Text(f"{one.path}  {one.size} bytes{was_there}"), soft_wrap=True)
        else:
            note(f"{one.blob_id} {plain(one.error.message)}")
    show_kept_back(kept)


def show_costs(document: Mapping[str, Any]) -> None:
    """Estimate, quote and charge, engine by engine; then each engine whose published price is off."""
    from rich.text import Text

    if not document["engines"]:
        note("No job that succeeded.")
        return
    table(_COSTS, map(_costs, document["engines"]), spare=("free", "quoted", "ratio"), right=_COSTS[1:])
    out = console()
    for one in (one for one in document["engines"] if one["off"]):
        out.print(Text(f"{one['engine']}: {one['verdict']}"))
        for job in one["examples"]:
            out.print(Text(f"  {job['id']}  estimate {job['estimate']}, charged {job['charged']:g}"))
    if not document["complete"]:
        note("There are older jobs: --limit looks at more.")


def _costs(one: Mapping[str, Any]) -> list[str]:
    amounts = [
        "unknown" if one[name] is None else f"{one[name]:g}" for name in ("estimated", "quoted", "charged")
    ]
    ratio = f"{one['ratio']['median']:g}" if one["ratio"] else ""
    off = f"{one['off']} of {one['compared']}" if one["compared"] else "unknown"
    return [one["engine"], str(one["jobs"]), str(one["free"] or ""), *amounts, ratio, off]
