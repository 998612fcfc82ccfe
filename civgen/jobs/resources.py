"""From the numbers in a request to resources: who they are, and whether they fit.

Records come from the request's own `resources` records, the catalogue's versions and the database, in
that order. A checkpoint of another ecosystem is always refused; an add-on that does not fit is refused
too, or, under repair, left out as the platform does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civgen.air import MODEL_TYPES, model_version_air, parse_air
from civgen.catalog import Compatibility
from civgen.catalog.records import Ecosystem
from civgen.engines.base import Resource, Resources
from civgen.errors import InvalidInput, NotFound, Problem
from civgen.forms.form import Mode, Repair
from civgen.jobs.epochs import epoch_air
from civgen.jobs.platform import Platform
from civgen.jobs.request import Request

Record = Mapping[str, Any]


@dataclass
class Resolution:
    """The resources of a request, and what was wrong with them.

    Attributes:
        records: what is known of each, by number.
    """

    resources: Resources = field(default_factory=Resources)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    records: dict[int, Record] = field(default_factory=dict)


def resolve_resources(
    request: Request, records: Iterable[Record], platform: Platform, mode: Mode = Mode.STRICT
) -> Resolution:
    """Find and judge every model version that a request names."""
    values = dict(request.filled.values)
    single = [values.get(name) for name in ("model", "vae", "upscaler")]
    named = [entry for entry in (*single, *(values.get("resources") or [])) if entry]
    finder = Finder(platform, records, [entry["id"] for entry in named])
    judge = _Judge(request, platform, finder, mode)
    checkpoint = judge.checkpoint(values["model"]) if values.get("model") else None
    if "resources" in values:
        values["resources"], addons = judge.addons(values["resources"])
    else:
        addons = []
    vae = judge.addon("vae", values["vae"]) if values.get("vae") else None
    upscaler = judge.upscaler(values["upscaler"]) if values.get("upscaler") else None
    resources = Resources(checkpoint, tuple(addons), vae, upscaler)
    known = {one.id: finder.record(one.id) or {} for one in resources.all}
    return Resolution(resources, judge.problems, judge.repairs, values, known)


class Finder:
    """Looks records up, the database once for all that are known nowhere else.

    Args:
        wanted: ids that will be asked for.
    """

    def __init__(self, platform: Platform, records: Iterable[Record], wanted: Sequence[int]) -> None:
        self._records: dict[int, Record] = {record["id"]: record for record in records if "id" in record}
        self._platform = platform
        missing = [one for one in wanted if one not in self._records and not platform.catalog.version(one)]
        if missing:
            self._records |= platform.find_records(missing)

    def record(self, version_id: int) -> Record | None:
        """What is known of a model version: a given record, filled up from the catalogue."""
        given = self._records.get(version_id)
        known = self._from_catalog(version_id)
        if given is None:
            return known
        return {**(known or {}), **given}

    def air(self, version_id: int, model_type: str = "Checkpoint") -> str | None:
        """The AIR of a model version: as given, else built from its model id; None when that is not known."""
        record = self.record(version_id) or {}
        if record.get("air"):
            return str(record["air"])
        home = self._platform.catalog.ecosystem_of(record.get("baseModel"))
        if home is None or not record.get("modelId"):
            return None
        segment = self._platform.catalog.ecosystem(home).air or "other"
        return model_version_air(segment, record.get("type", model_type), record["modelId"], version_id)

    def _from_catalog(self, version_id: int) -> Record | None:
        found = self._platform.catalog.version(version_id)
        if found is None:
            return None
        version, ecosystem = found
        record: dict[str, Any] = {"id": version.id, "type": version.type}
        record["baseModel"] = self._platform.catalog.base_model_of(version, ecosystem)
        if version.model_id:
            record["air"] = model_version_air(
                ecosystem.air or "other", version.type, version.model_id, version.id
            )
        return record


class _Judge:
    """Decides about one request's resources."""

    def __init__(self, request: Request, platform: Platform, finder: Finder, mode: Mode) -> None:
        self._request = request
        self._platform = platform
        self._catalog = platform.catalog
        self._finder = finder
        self._mode = mode
        self.problems: list[Problem] = []
        self.repairs: list[Repair] = []

    @property
    def _ecosystem(self) -> Ecosystem:
        """The request's. Only a tool has none, and none of them takes a checkpoint or what must fit one."""
        assert self._request.ecosystem is not None
        return self._request.ecosystem

    def checkpoint(self, entry: Mapping[str, Any]) -> Resource | None:
        record = self._known("model", entry)
        if record is None:
            return None
        home = self._home(entry, record)
        if home is not None and home != self._ecosystem.key:
            message = f"belongs to {home}, not to {self._ecosystem.key}"
            hint = f"Name a checkpoint of {self._ecosystem.key}, or ask for ecosystem {home}."
            self.problems.append(Problem("model", message, given=entry["id"], hint=hint))
        return self._resource("model", entry, record, "Checkpoint")

    def addons(self, entries: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Resource]]:
        """Those that stay: their entries and resources."""
        judged = [(entry, self.addon(f"resources[{index}]", entry)) for index, entry in enumerate(entries)]
        kept = [(entry, resource) for entry, resource in judged if resource is not None]
        return [entry for entry, _ in kept], [resource for _, resource in kept]

    def addon(self, field: str, entry: Mapping[str, Any]) -> Resource | None:
        record = self._known(field, entry)
        if record is None:
            return None
        model_type = _type_of(entry, record, "LORA")
        verdict = self._compatibility(entry, record, model_type)
        if verdict.level != "none":
            return self._resource(field, entry, record, model_type)
        if self._mode is Mode.REPAIR:
            self.repairs.append(Repair(field, entry["id"], None, f"does not fit: {verdict.why}"))
        else:
            hint = f"Use a resource made for {self._ecosystem.key}."
            self.problems.append(Problem(field, f"does not fit: {verdict.why}", given=entry["id"], hint=hint))
        return None

    def upscaler(self, entry: Mapping[str, Any]) -> Resource | None:
        record = self._known("upscaler", entry)
        if record is None:
            return None
        if (model_type := _type_of(entry, record, "Upscaler")) != "Upscaler":
            message = f"is a {model_type}, not an Upscaler"
            self.problems.append(Problem("upscaler", message, given=entry["id"]))
        return self._resource("upscaler", entry, record, "Upscaler")

    def _known(self, field: str, entry: Mapping[str, Any]) -> Record | None:
        record = self._finder.record(entry["id"])
        if record is None:
            message = "is a model version that neither the catalogue nor the database knows"
            hint = "Give its record with --resources FILE, or apply its rows to the database."
            self.problems.append(Problem(field, message, given=entry["id"], hint=hint))
        return record

    def _home(self, entry: Mapping[str, Any], record: Record) -> str | None:
        """Key of the ecosystem that a checkpoint belongs to; None when nothing tells."""
        base_model = record.get("baseModel") or entry.get("baseModel")
        if base_model is None:
            return None
        return self._catalog.ecosystem_of(base_model) or f"the unknown base model {base_model!r}"

    def _compatibility(self, entry: Mapping[str, Any], record: Record, model_type: str) -> Compatibility:
        base_model = record.get("baseModel") or entry.get("baseModel")
        if base_model is None:
            return self._by_air(record)
        home = self._catalog.ecosystem_of(base_model)
        if home is None:
            return Compatibility("none", f"the base model {base_model!r} is not in the catalogue")
        return self._catalog.compatibility(self._ecosystem.key, home, model_type)

    def _by_air(self, record: Record) -> Compatibility:
        """Without a base model, the ecosystem segment of the AIR must do: it names the root."""
        segment = (parse_air(record["air"]).ecosystem or "").lower() if record.get("air") else None
        if segment == self._ecosystem.air:
            return Compatibility("partial", f"its AIR belongs to {segment}; its base model is not known")
        return Compatibility("none", "its base model is not known")

    def _resource(
        self, field: str, entry: Mapping[str, Any], record: Record, model_type: str
    ) -> Resource | None:
        if entry.get("epochNumber") is not None:
            return self._epoch(field, entry, record, model_type)
        air = self._finder.air(entry["id"], model_type)
        if air is None and field != "model":
            self.problems.append(
                Problem(field, "has no AIR and no model id to build one from", given=entry["id"])
            )
            return None
        strength = entry.get("strength")
        return Resource(entry["id"], _type_of(entry, record, model_type), air or "", strength)

    def _epoch(
        self, field: str, entry: Mapping[str, Any], record: Record, model_type: str
    ) -> Resource | None:
        try:
            air = epoch_air(entry, record, model_type, self._platform)
        except NotFound as error:
            said = f"names an epoch that cannot be used: {error.message}"
            problem = Problem(f"{field}.epochNumber", said, given=entry["epochNumber"], hint=error.hint)
            self.problems.append(problem)
            return None
        kind = _type_of(entry, record, model_type)
        return Resource(entry["id"], kind, air, entry.get("strength"), entry["epochNumber"])


def _type_of(entry: Mapping[str, Any], record: Record, default: str) -> str:
    """Model type from the record, the request's own words, or the AIR."""
    said = record.get("type") or (entry.get("model") or {}).get("type") or entry.get("type")
    if said:
        return str(said)
    try:
        return MODEL_TYPES.get(parse_air(record["air"]).type or "", default)
    except (KeyError, InvalidInput):
        return default
