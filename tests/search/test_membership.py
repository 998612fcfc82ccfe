"""What each way of adding a model means for the index."""

from __future__ import annotations

import pytest

from civgen.search.membership import membership

MODEL = {"status": "Published", "availability": "Public"}
VERSION = {"id": 1, "status": "Published", "availability": "Public"}


@pytest.mark.parametrize(
    ("case", "model", "versions", "action", "why"),
    [
        ("published", MODEL, [VERSION], "index", "Published"),
        ("deleted", None, [], "remove", "no such model"),
        ("a draft", {**MODEL, "status": "Draft"}, [VERSION], "remove", "Draft"),
        (
            "taken down",
            {**MODEL, "status": "UnpublishedViolation"},
            [VERSION],
            "remove",
            "UnpublishedViolation",
        ),
        (
            "still training",
            {**MODEL, "status": "Training"},
            [{**VERSION, "status": "Training"}],
            "remove",
            "Training",
        ),
        ("unsearchable", {**MODEL, "availability": "Unsearchable"}, [VERSION], "remove", "Unsearchable"),
        ("private", {**MODEL, "availability": "Private"}, [VERSION], "index", "Published"),
        ("early access", {**MODEL, "availability": "EarlyAccess"}, [VERSION], "index", "Published"),
        ("no version", MODEL, [], "remove", "none of its versions"),
        ("trained, not published", MODEL, [{**VERSION, "status": "Draft"}], "remove", "none of its versions"),
        (
            "version hidden",
            MODEL,
            [{**VERSION, "availability": "Unsearchable"}],
            "remove",
            "none of its versions",
        ),
    ],
)
def test_each_way_of_adding_a_model(case, model, versions, action, why) -> None:
    decided = membership(model, versions)
    assert (decided.action, why in decided.why) == (action, True), case


def test_a_document_names_published_versions_only_and_says_of_the_others_how_they_are_reached() -> None:
    decided = membership(MODEL, [VERSION, {**VERSION, "id": 2, "status": "Training"}])
    assert decided.versions == (1,)
    assert "version 2" in decided.notes[0] and "by its id" in decided.notes[0]


def test_a_private_model_says_who_finds_it() -> None:
    assert "owner" in membership({**MODEL, "availability": "Private"}, [VERSION]).notes[0]
