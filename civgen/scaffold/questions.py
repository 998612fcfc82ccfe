"""What a person at a terminal is asked: only what cannot be inferred, with a default and its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from civgen.catalog import Catalog
from civgen.catalog.names import ecosystem_named
from civgen.errors import CivgenError
from civgen.scaffold.answers import Answers

Said = Mapping[str, Any]
#: A default and why it is one; None where nothing suggests one.
Guess = tuple[str, str] | None
#: What is typed for an answer that there is none of.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        text: as it is asked.
        why: what the answer decides.
        default: what an empty line means, and the reason for that.
    """

    answer: str
    text: str
    why: str
    default: Guess = None


def questions(kind: type[Answers], said: Said, catalog: Catalog) -> Iterator[Question]:
    """What is still to be asked, in the order in which answers lead to each other."""
    wanted = [name for name, field in kind.model_fields.items() if field.is_required()]
    if "shares_loras_with" in kind.model_fields and not said.get("parent"):
        wanted.insert(1, "shares_loras_with")
    for name in wanted:
        if name not in said:
            yield question(kind, name, said, catalog)


def question(kind: type[Answers], answer: str, said: Said, catalog: Catalog) -> Question:
    """The question for an answer."""
    text, why = _WORDS.get((kind.__name__, answer)) or _WORDS.get(("", answer)) or (_spoken(answer), "")
    guess = _GUESSES.get(answer)
    return Question(answer, text, why, guess(said, catalog) if guess else None)


def _spoken(answer: str) -> str:
    return answer.replace("_", " ").capitalize()


def _key_of_name(said: Said, catalog: Catalog) -> Guess:
    name = str(said.get("name", ""))
    for entry in catalog.ecosystems.values():
        if name.casefold().startswith(
            (f"{entry.record.key} ".casefold(), f"{entry.record.name} ".casefold())
        ):
            return entry.record.key, f"the name begins with that of {entry.record.key}"
    key = re.sub(r"[^A-Za-z0-9.]+", "", name).strip(".")
    return (key, "the name as a key, for a new ecosystem") if key else None


def _license(said: Said, catalog: Catalog) -> Guess:
    for word in (said.get("ecosystem"), said.get("parent"), said.get("like")):
        try:
            record = ecosystem_named(catalog, str(word)) if word else None
        except CivgenError:
            continue
        if record and record.base_models and record.base_models[0].license:
            return record.base_models[0].license, f"that of {record.base_models[0].name}, of {record.key}"
    return None


def _label(said: Said, catalog: Catalog) -> Guess:
    try:
        number = len(ecosystem_named(catalog, str(said.get("ecosystem"))).versions)
    except CivgenError:
        return None
    return f"v{number + 1}", f"it has {number} versions"


def _media(said: Said, catalog: Catalog) -> Guess:  # noqa: ARG001
    is_video = str(said.get("step", "")).startswith("video")
    return ("video", "its step makes videos") if is_video else ("image", "most engines make images")


def _no_sharing(said: Said, catalog: Catalog) -> Guess:  # noqa: ARG001
    return NONE, "LoRAs seldom fit weights of another architecture"


def _on(said: Said, catalog: Catalog) -> Guess:  # noqa: ARG001
    return "base-model", "most facts are a base model's"


_GUESSES: Mapping[str, Callable[[Said, Catalog], Guess]] = {
    "ecosystem": _key_of_name,
    "license": _license,
    "label": _label,
    "media": _media,
    "shares_loras_with": _no_sharing,
    "on": _on,
}
_WORDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("BaseModelAnswers", "name"): ("Display name of the base model", "its model versions carry it"),
    ("BaseModelAnswers", "ecosystem"): (
        "Its ecosystem",
        "would a LoRA of an existing one work on every model of it, and the other way round? Then that one, "
        "else a new key",
    ),
    ("VersionAnswers", "ecosystem"): ("Which ecosystem", "its key, its name or one of its base models"),
    ("VersionAnswers", "id"): ("Number of the model version", "the one in ?modelVersionId=… of its page"),
    ("EcosystemAnswers", "key"): ("Key of the ecosystem", "its file and its AIRs are called after it"),
    ("UsedEngineAnswers", "key"): ("Key of the engine", "ecosystems name it so"),
    ("LicenseAnswers", "name"): ("Name of the licence", "base models name it so"),
    ("RuleAnswers", "name"): ("Name of the rule", "its code in words, with hyphens"),
    ("", "shares_loras_with"): (
        "Would a LoRA of an existing one work on every model of it, and the other way round? Which one's",
        "then it is a base model of that, and needs no ecosystem of its own",
    ),
    ("", "license"): ("Licence", "what may be generated follows from it; `civgen list licenses` has them"),
    ("", "checkpoint"): ("Number of the model version to offer", "the one in ?modelVersionId=… of its page"),
    ("", "model_id"): ("Number of its model", "the one in /models/… of its page; the AIR has both"),
    ("", "label"): ("What people call the version", "it stands beside the name in forms"),
    ("", "media"): ("What it makes, image or video", "its engine and workflow keys follow from it"),
    ("", "on"): ("What it looks at: ecosystem, base-model or version", "the record that must say something"),
    ("", "field"): ("Which key must be said", "`civgen show` lists those of a record"),
    ("", "why"): ("What goes wrong without", "it stands in the rule's documentation"),
}
