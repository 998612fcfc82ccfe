"""Helpers for the tests of a workspace: what a request becomes there, without database or network.

from civgen.testing import form_in, preview_in

body = preview_in(WORKSPACE, ecosystem="SDXL", prompt="a red fox in the snow")
assert body["steps"][0]["input"]["steps"] == 30
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from civgen.engines import base
from civgen.engines.compose import size_options
from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.jobs.forms import show_form
from civgen.jobs.lacking import PROMPT, example_of
from civgen.jobs.platform import Platform
from civgen.jobs.preview import middle_seed, preview
from civgen.jobs.request import invalid_request
from civgen.workspace import open_workspace

#: What `build_in` uses where a request would name a checkpoint.
CHECKPOINT = base.Resource(1, "Checkpoint", "urn:air:other:checkpoint:civitai:1@1")


def platform_in(workspace: Path) -> Platform:
    """Catalogue, engines and contract of a workspace, read anew; limits are those of the free tier.

    Raises:
        InvalidInput: `workspace` is no workspace, or one of its files is wrong.
    """
    return Platform.of(open_workspace(workspace))


def form_in(workspace: Path, **request: Any) -> dict[str, Any]:
    """The form that a request is judged by: the document of `civgen form show --json`.

    Raises:
        InvalidInput: the ecosystem does not offer the workflow key.
    """
    return show_form(request, platform_in(workspace))


def preview_in(workspace: Path, **request: Any) -> dict[str, Any]:
    """The body that a request would post, judged strictly: the document of `civgen preview --json`.

    Raises:
        InvalidInput: with every problem, of the fields, the resources or the orchestrator's contract.
    """
    return preview(request, platform_in(workspace)).body


def example_requests(workspace: Path) -> Iterator[dict[str, Any]]:
    """A request for every model version that the workspace's own files say, and every workflow key it serves.

    Raises:
        InvalidInput: `workspace` is no workspace, or one of its files is wrong.
    """
    platform = platform_in(workspace)
    for key, entry in platform.catalog.ecosystems.items():
        own, ecosystem = entry.files[-1], platform.catalog.ecosystem(key)
        said = {version.get("id") for version in own.data.get("versions", ())}
        if ecosystem.engine is None or not own.path.is_relative_to(workspace.resolve()):
            continue
        for version in ecosystem.versions:
            if version.id in said:
                for workflow in version.served(ecosystem.workflows):
                    engine = platform.catalog.engine_of(ecosystem, workflow, version.id) or ecosystem.engine
                    form = platform.form(key, platform.engines[engine])
                    request = example_request(form, platform, workflow)
                    yield {"ecosystem": key, "model": {"id": version.id}, **request}


def build_in(
    workspace: Path, engine: str, workflow: str, options: Mapping[str, Any] | None = None, **fields: Any
) -> list[dict[str, Any]]:
    """The steps that an engine builds by itself, for no ecosystem and with a stand-in for the checkpoint.

    Args:
        engine: key of a built-in engine, or of one in the workspace.
        options: what an ecosystem's file or a version would say to the engine.
        fields: values of the engine's own form.

    Raises:
        InvalidInput: with every problem, of the fields or the orchestrator's contract.
    """
    return engine_steps(platform_in(workspace), engine, workflow, options or {}, fields)


def engine_steps(
    platform: Platform,
    engine: str,
    workflow: str,
    options: Mapping[str, Any],
    fields: Mapping[str, Any],
    ecosystem: str = "Example",
) -> list[dict[str, Any]]:
    """As `build_in`, for a platform at hand; messages speak of `ecosystem`."""
    maker, catalog = platform.engines[engine], platform.catalog
    form = _with_sizes(platform, maker.form)
    filled = form.fill({"model": CHECKPOINT.id, **fields}, platform.facts(workflow))
    if filled.problems:
        raise invalid_request(filled.problems)
    values = filled.values | ({"seed": middle_seed()} if filled.values.get("seed", 0) is None else {})
    context = base.BuildContext(ecosystem, workflow, options, catalog)
    steps = [step.as_json() for step in maker.build(values, base.Resources(CHECKPOINT), context)]
    problems = [
        problem
        for number, step in enumerate(steps)
        for problem in platform.contract.check_step(step, f"steps[{number}]")
    ]
    if problems:
        raise invalid_request(problems)
    return steps


def _with_sizes(platform: Platform, form: Form) -> Form:
    """An engine's own form with its size sets put in, as an ecosystem's form has them."""
    sized = {
        field.key: ({"options": size_options(platform.catalog, field.properties["sizes"])}, ())
        for field in form.fields
        if field.properties.get("sizes")
    }
    return form.with_changes(sized)


def example_request(
    form: Form, platform: Platform, workflow: str, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A request that a form takes: a prompt, and an example for every field that is required.

    The checkpoint is left out: it follows from the ecosystem.

    Args:
        given: values that it is to have.
    """
    request: dict[str, Any] = {"workflow": workflow, **(given or {})}
    for field, shown in visible(form, platform, workflow, given):
        if field.key == "prompt":
            request["prompt"] = PROMPT
        elif field.key != "model" and shown.get("required") and field.is_missing(field.empty(shown)):
            request[field.key] = example_of(field, shown)
    return request


def visible(
    form: Form, platform: Platform, workflow: str, given: Mapping[str, Any] | None = None
) -> list[tuple[Field, dict[str, Any]]]:
    """The fields that a form shows when nothing but `given` is filled in, each with its properties."""
    filled = form.fill(given or {}, platform.facts(workflow))
    return [(field, shown) for field, shown in filled.shown if not shown.get("hidden")]
