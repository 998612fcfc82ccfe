"""`civgen resource`: all there is to know of a model version before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.answers import DATABASE, answers
from civgen.results.coverage import ResourceCard

if TYPE_CHECKING:
    from civgen.jobs.access import Person

app = typer.Typer()


@app.command()
@answers(ResourceCard, DATABASE, {7: "with --check: they may not generate with it"})
def resource(
    version_id: Annotated[int, typer.Argument(metavar="ID", help="A model version of the database.")],
    epoch: Annotated[
        int | None, typer.Option(help="One of its training epochs, while it is not published.")
    ] = None,
    user: Annotated[
        int | None, typer.Option(metavar="ID", help="Who wants to generate; else anybody but its owner.")
    ] = None,
    moderator: Annotated[bool, typer.Option("--moderator", help="They are a moderator.")] = False,
    tier: Annotated[
        str | None, typer.Option(help="Their membership tier, by default the environment's.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 7 when they may not generate.")] = False,
) -> None:
    """Show what a resource is, how it is used, what it costs, and whether somebody may generate with it."""
    from civgen.cli.following import suggest
    from civgen.cli.output import card, emit
    from civgen.cli.state import state
    from civgen.db.answers import asked
    from civgen.db.apply import timestamp
    from civgen.db.resource import facts_of
    from civgen.errors import AnswerIsNo
    from civgen.jobs.access import Person
    from civgen.jobs.resource_card import resource_card

    current, catalog = state(), state().catalog
    tier = tier or current.environment.tier
    person = Person(user, catalog.tiers[tier].record.key, moderator)
    with asked(current.environment, current.workspace.root, catalog) as (connection, place):
        facts = facts_of(connection, version_id)
    found = {**resource_card(facts, person, catalog, timestamp(), epoch), "from": place}
    suggest(*_after(found))
    emit(found, lambda: card(_for_people(found, person)))
    if check and not found["canGenerate"]:
        said = "; ".join(one["why"] for one in found["obstacles"])
        hint = None if found["covered"] else f"`civgen coverage {version_id}` says what would cover it."
        raise AnswerIsNo(f"They may not generate with {version_id}: {said}.", hint=hint)


def _after(found: dict[str, Any]) -> list[str]:
    """What can be done with a resource, or what says why nothing can."""
    from civgen.cli.again import command

    number, ecosystem = str(found["id"]), found["ecosystem"]
    if not found["covered"]:
        return [command("coverage", number)]
    if not found["canGenerate"]:
        return []
    named = "--model" if found["type"] == "Checkpoint" else "--resource"
    return [command("preview", "-e", ecosystem, named, number, "-p", "a red fox")] if ecosystem else []


def _for_people(found: dict[str, Any], person: Person) -> dict[str, Any]:
    fees, training = found["fees"], found["training"]
    who = (
        "a moderator"
        if person.is_moderator
        else f"user {person.id}"
        if person.id
        else "anybody but the owner"
    )
    strength = found["strength"]
    shown = {name: found[name] for name in ("id", "name", "type", "air", "baseModel", "ecosystem", "epoch")}
    return {
        **shown,
        "strength": f"{strength['min']} to {strength['max']}, by default {strength['default']}",
        "trained words": found["trainedWords"],
        "status": f"{found['status']}, {found['availability']}, of user {found['owner']}",
        "covered through": found["through"] or "nothing",
        "fees": "an added resource costs extra, unless featured"
        if fees["additional"]
        else "none as a resource",
        "licensing fee": fees["licensing"],
        "access": fees["access"],
        "training": training,
        "redirected": found["alias"]
        and f"the platform runs version {found['alias']} instead; civgen does not",
        f"{who} ({person.tier})": "may generate with it"
        if found["canGenerate"]
        else "may not generate with it",
        "because": "\n".join(one["why"] for one in found["obstacles"]),
        "from": found["from"],
    }
