"""Requests drawn by lot, to try on both sides: in a page and in the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from civgen.jobs.platform import Platform
from civgen.jobs.probing.draws import Lot, drawn
from civgen.jobs.probing.walk import walked


def requests(platform: Platform, key: str, known: list[dict], number: int, seed: int) -> Iterator[dict]:
    """Requests drawn by lot, over all workflow keys and versions of an ecosystem."""
    ecosystem = platform.catalog.ecosystem(key)
    random = Random(seed)
    groups: dict[str, list[int]] = {}
    for one in known:
        groups.setdefault(one["type"], []).append(one["id"])
    own, vae = groups.pop("Checkpoint", []), groups.pop("VAE", [])
    lot = Lot(random, list(groups.values()), {"vae": vae})
    for _ in range(number):
        asked = random.choice(ecosystem.workflows)
        means = platform.catalog.workflows[asked].record.becomes or asked
        serving = [one.id for one in ecosystem.versions if one.serves(means)]
        version = random.choice([*serving, *([] if ecosystem.model_locked else own)])
        form = platform.form(key, platform.engines[platform.catalog.engine_of(ecosystem, means, version)])

        def choose(field, shown, version=version):
            return {"id": version} if field.key == "model" else drawn(field, shown, lot)

        given, _ = walked(form, platform.facts(means), choose)
        yield {"ecosystem": key, "workflow": asked, **given}
