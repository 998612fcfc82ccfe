"""What may be filled in, and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from civgen.api.workspace import Workspace

Request = Mapping[str, Any]


class Forms:
    """The forms that requests are judged by."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def show(self, request: Request, **context: Any) -> dict[str, Any]:
        """The form in the state that a request brings about: `{"ecosystem", "workflow", "fields", …}`.

        Args:
            context: `tier` and `features`.

        Raises:
            InvalidInput: the request leads to no form.
        """
        from civgen.jobs.forms import show_form

        return show_form(request, self._workspace.platform(**context))

    def explain(self, request: Request, field: str, **context: Any) -> dict[str, Any]:
        """Where each part of a field comes from, with file and line."""
        from civgen.jobs.form_explained import explain_field

        return explain_field(request, self._workspace.platform(**context), field)

    def diff(self, left: Request, right: Request, **context: Any) -> dict[str, Any]:
        """How the forms of two requests differ."""
        from civgen.jobs.form_diff import diff_forms

        return diff_forms(left, right, self._workspace.platform(**context))

    def schema(
        self, ecosystem: str, workflow: str | None = None, version: int | None = None, **context: Any
    ) -> dict[str, Any]:
        """The JSON Schema (2020-12) of requests, which takes what strict takes."""
        from civgen.jobs.form_schema import request_schema

        return request_schema(self._workspace.platform(**context), ecosystem, workflow, version)
