"""Every file of this workspace can be read, and fits the engine it names."""

from pathlib import Path

from civgen.testing import example_requests, platform_in, preview_in

WORKSPACE = Path(__file__).parent.parent


def test_every_ecosystem_fits_the_form_of_its_engine() -> None:
    platform = platform_in(WORKSPACE)
    for ecosystem in platform.catalog.all_ecosystems():
        if ecosystem.engine:
            form = platform.form(ecosystem.key, platform.engines[ecosystem.engine])
            assert form.keys, ecosystem.key


def test_every_engine_can_be_loaded_and_serves_a_medium() -> None:
    engines = platform_in(WORKSPACE).engines
    assert {engines[key].media for key in engines} <= {"image", "video"}


def test_the_orchestrator_takes_what_every_version_here_makes() -> None:
    for request in example_requests(WORKSPACE):
        assert preview_in(WORKSPACE, **request)["steps"], request
