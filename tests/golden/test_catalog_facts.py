"""The catalogue says what the platform's own says, where that is at hand."""

import json
from pathlib import Path

import pytest

from civgen.catalog import Catalog

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "catalog.json"

pytestmark = pytest.mark.skipif(
    not FACTS.exists(), reason="the platform's catalogue is not beside this checkout"
)


@pytest.fixture(scope="module")
def facts():
    return json.loads(FACTS.read_text())


@pytest.fixture(scope="module")
def catalog():
    return Catalog()


def test_ecosystems(facts, catalog):
    for fact in facts["ecosystems"]:
        record, own = catalog.ecosystem(fact["key"]), catalog.ecosystems[fact["key"]].record
        assert (record.id, record.name, own.parent, record.air) == (
            fact["id"], fact["display_name"], fact["parent"], fact["air_ecosystem"],
        )  # fmt: skip
        assert (record.order, record.self_hosted, record.model_locked) == (
            fact["sort_order"], fact["self_hosted"], fact["model_locked"],
        )  # fmt: skip
        family = catalog.families[own.family].record.name if own.family else None
        assert family == fact["family"]
        said = {
            name: words["model_types"] for name, words in fact["support"].items() if not words["disabled"]
        }
        assert {name: types for name, types in own.support.model_dump().items() if types} == said


def test_default_versions_belong_to_their_ecosystem(facts, catalog):
    for fact in facts["ecosystems"]:
        version = fact["default_version_id"]
        record = catalog.ecosystem(fact["key"])
        if version and record.versions:
            assert version in [one.id for one in record.versions], fact["key"]


def test_base_models(facts, catalog):
    for fact in facts["base_models"]:
        record, ecosystem = catalog.base_model(fact["name"])
        assert (record.id, record.media, record.license, ecosystem.key) == (
            fact["id"], fact["media"], fact.get("license"), fact["ecosystem"],
        )  # fmt: skip
        assert (record.hidden, record.disabled) == (fact.get("hidden", False), fact.get("disabled", False))


def test_licences(facts, catalog):
    assert len(catalog.licenses) == len(facts["licenses"])
    for fact in facts["licenses"]:
        record = catalog.licenses[fact["name"]].record
        assert (record.id, record.url or "") == (fact["id"], fact.get("url") or "")
        flags = (record.disable_mature, record.non_commercial, record.notice, record.powered_by)
        assert flags == (
            fact["disable_mature"],
            fact["non_commercial"],
            fact["has_notice"],
            fact["has_powered_by"],
        )


def test_families_groups_and_counts(facts, catalog):
    assert {one.id: one.name for one in catalog.families.records} == {
        one["id"]: one["name"] for one in facts["families"]
    }
    for fact in facts["ecosystem_groups"]:
        record = catalog.groups[fact["id"]].record
        assert (record.name, record.ecosystems, record.default, record.order) == (
            fact["display_name"], fact["ecosystems"], fact["default"], fact["sort_order"],
        )  # fmt: skip


def test_every_pair_and_type_agrees_with_the_platform_s_rules(facts, catalog):
    """The same by another way: rules as a set of facts, looked up for the pair and for the root."""
    rules = {
        (one["checkpoint_ecosystem"], one["addon_ecosystem"], kind)
        for one in facts["cross_ecosystem_rules"]
        for kind in one["model_types"]
    }
    parents = {one["key"]: one["parent"] for one in facts["ecosystems"]}
    assert sum(len(one.accepts) for one in catalog.ecosystems.records) == len(facts["cross_ecosystem_rules"])
    for here in parents:
        root = here
        while parents[root]:
            root = parents[root]
        for there in parents:
            for kind in ("Checkpoint", "LORA", "LoCon", "DoRA", "VAE", "TextualInversion"):
                ruled = {(here, there, kind), (root, there, kind)} & rules
                expected = "full" if here == there else "partial" if ruled else "none"
                assert catalog.compatibility(here, there, kind).level == expected, (here, there, kind)


def test_workflow_keys_of_what_generates(facts, catalog):
    """An ecosystem that generates here offers what it offers there, or says where else that is done.

    What the platform has retired, it offers nowhere.
    """
    offered = {}
    for key, ecosystems in facts["ecosystems_by_workflow"].items():
        for one in ecosystems:
            offered.setdefault(one, set()).add(key)
    for one in catalog.all_ecosystems():
        if one.engine and one.key in offered:
            assert set(one.workflows) <= offered[one.key] <= {*one.workflows, *one.moves}, one.key
