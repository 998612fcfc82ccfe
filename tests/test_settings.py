"""Environments and secrets of a workspace."""

import pytest

from civgen.errors import InvalidFile, InvalidInput, NotAuthorised, NotFound
from civgen.workspace import open_workspace

TOML = """\
default = "prod"

[environments.prod]
database = "postgresql://db.example/civ"
orchestrator = "https://orchestration.example"
currencies = ["blue", "yellow"]
"""


def test_local_needs_no_declaration_and_nothing_but_python(workspace):
    environment = open_workspace().environment("local")
    assert environment.is_sandbox
    assert environment.database.startswith("sqlite:///")


def test_a_workspace_is_found_upward_and_its_default_environment_is_used(workspace, monkeypatch):
    (workspace / "civgen.toml").write_text(TOML)
    (workspace / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(workspace / "deep" / "er")
    found = open_workspace()
    assert found.root == workspace
    assert found.environment().name == "prod"
    assert found.environment().currencies == ["blue", "yellow"]


def test_an_unknown_environment_is_not_found_with_a_hint(workspace):
    (workspace / "civgen.toml").write_text(TOML)
    with pytest.raises(NotFound) as caught:
        open_workspace().environment("prd")
    assert "prod" in caught.value.hint


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('database = "postgresql://me:secret@db/civ"', "environments.prod.database"),
        ("databse = 1", "environments.prod.databse"),
        ('currencies = ["gold"]', "environments.prod.currencies.0"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_a_password_never_shown(workspace, line, field):
    (workspace / "civgen.toml").write_text(f"[environments.prod]\n{line}\n")
    with pytest.raises(InvalidFile) as caught:
        _ = open_workspace().settings
    assert caught.value.details[0].field == field
    assert caught.value.where.line == 2
    assert "secret" not in str(caught.value.as_json())


def test_a_token_comes_from_the_environment_and_does_not_print(workspace, monkeypatch):
    monkeypatch.setenv("CIVGEN_TOKEN", "canary-general")
    environment = open_workspace().environment()
    assert environment.token.get_secret_value() == "canary-general"
    monkeypatch.setenv("CIVGEN_TOKEN_LOCAL", "canary-local")
    environment = open_workspace().environment()
    assert environment.token.get_secret_value() == "canary-local"
    assert "canary" not in repr(environment.token) + str(environment)


def test_without_a_token_the_error_says_how_to_set_one(workspace, monkeypatch):
    import keyring
    from keyring.backends.null import Keyring

    monkeypatch.setattr(keyring, "get_password", Keyring().get_password)
    with pytest.raises(NotAuthorised) as caught:
        _ = open_workspace().environment().token
    assert "CIVGEN_TOKEN_LOCAL" in caught.value.hint


def test_without_a_workspace_what_needs_one_says_how_to_make_one():
    with pytest.raises(InvalidInput) as caught:
        _ = open_workspace().state
    assert "civgen init" in caught.value.hint
