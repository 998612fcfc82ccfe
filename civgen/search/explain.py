"""One model: whether it belongs into the index, whether its document agrees, and what it misses."""

from __future__ import annotations

from typing import Any

from civgen.catalog.catalog import Catalog
from civgen.db.connect import Database
from civgen.errors import NotFound
from civgen.search.backends import Backend
from civgen.search.documents import HASH, document_of, hashed
from civgen.search.membership import membership
from civgen.search.plan import generates_by
from civgen.search.reading import ModelRows, read_models


def explain_model(database: Database, catalog: Catalog, backend: Backend, model_id: int) -> dict[str, Any]:
    """What the rows say, what the index has, and the command that makes them agree.

    Returns:
        `{"model", "name", "action", "why", "notes", "document", "differs", "canGenerate", "versions", "do"}`;
        `document` is `current`, `stale`, `missing`, `orphaned` or `absent`.

    Raises:
        NotFound: neither the database nor the index knows the model.
    """
    with database.reading() as connection:
        rows = next(read_models(connection, [model_id]), None)
    there = backend.fetch([model_id]).get(model_id)
    if rows is None and there is None:
        raise NotFound(f"Neither the database nor {backend.place} knows a model {model_id}.")
    decided = membership(rows.model, rows.versions) if rows else membership(None)
    wanted = document_of(rows, generates_by(catalog)) if rows and decided.action == "index" else None
    if wanted:
        hashed(wanted, backend.index.documents)
    stands = _stands(wanted, there)
    return {
        "model": model_id,
        "name": rows.model["name"] if rows else None,
        "action": decided.action,
        "why": decided.why,
        "notes": list(decided.notes),
        "document": stands,
        "differs": _differing(wanted, there) if wanted and there else [],
        "canGenerate": wanted["canGenerate"] if wanted else False,
        "versions": _versions(rows, wanted) if rows else [],
        "do": f"civgen search sync --model {model_id}"
        if stands in ("missing", "stale", "orphaned")
        else None,
    }


def _stands(wanted: dict[str, Any] | None, there: dict[str, Any] | None) -> str:
    if wanted is None:
        return "absent" if there is None else "orphaned"
    if there is None:
        return "missing"
    return "current" if there.get(HASH) == wanted[HASH] and not _differing(wanted, there) else "stale"


def _differing(wanted: dict[str, Any], there: dict[str, Any]) -> list[str]:
    """Attributes that the document has otherwise; what others wrote into its versions does not count."""
    return [name for name, value in wanted.items() if name in there and not _holds(there[name], value)]


def _holds(there: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(there, dict):
        return all(name in there and _holds(there[name], value) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(there, list):
        return len(there) == len(wanted) and all(map(_holds, there, wanted))
    return bool(there == wanted)


def _versions(rows: ModelRows, wanted: dict[str, Any] | None) -> list[dict[str, Any]]:
    generates = {one["id"]: one["canGenerate"] for one in wanted["versions"]} if wanted else {}
    return [
        {
            "id": one["id"],
            "name": one["name"],
            "status": one["status"],
            "covered": one["covered"],
            "canGenerate": generates.get(one["id"], False),
        }
        for one in rows.versions
    ]
