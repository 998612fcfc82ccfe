"""JSON Patch (RFC 6902) of what may be changed about a workflow or a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civgen.errors import Problem
from civgen.sandbox.questions import Q, understood
from civgen.sandbox.refusals import refused


def patched(document: Mapping[str, Any], operations: Any) -> dict[str, Any]:
    """The document after all operations.

    Raises:
        InvalidInput: they are no patch, or one of them cannot be done.
    """
    from jsonpatch import JsonPatch, JsonPatchException
    from jsonpointer import JsonPointerException

    if not isinstance(operations, list):
        raise refused([Problem("$", "must be a list of operations")])
    try:
        after = JsonPatch(operations).apply(dict(document))
    except (JsonPatchException, JsonPointerException, TypeError) as error:
        raise refused([Problem("$", str(error) or type(error).__name__)]) from None
    if not isinstance(after, dict):
        raise refused([Problem("$", "must not replace the whole")])
    return after


def change_of(kind: type[Q], before: Mapping[str, Any], operations: Any, *, whole: bool = False) -> Q:
    """What a patch changes, as the update that does the same.

    Args:
        whole: the update is to have what stays as it is, too.

    Raises:
        InvalidInput: it changes what may not be changed, or to what it may not be.
    """
    after = patched(before, operations)
    gone = [Problem(name, "must not be removed") for name in before if name not in after]
    if gone:
        raise refused(gone)
    changed = {name: one for name, one in after.items() if whole or before.get(name) != one}
    return understood(kind, changed)
