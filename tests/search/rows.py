"""A database whose rows a test writes itself, as people and the platform do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from civgen.catalog import Catalog
from civgen.db.connect import Database, open_database
from civgen.search.backends import Backend
from civgen.search.plan import SearchPlan, plan_search, wanted_documents
from civgen.search.sending import Synced
from civgen.search.sync import sync
from civgen.settings import Environment

NOW = datetime(2026, 8, 1, 12, 0, 0)
OWNER = -1


class Rows:
    """Models by number; a new one is a published LORA for SDXL with one covered version and a file."""

    def __init__(self, root: Path, url: str | None = None) -> None:
        self.root = root
        self._environment = Environment(database=url) if url else Environment()
        self.catalog = Catalog()
        self.base_model("SDXL 1.0")

    @property
    def database(self) -> Database:
        return open_database(self._environment, self.root)

    def base_model(self, name: str) -> None:
        self._insert("GenerationBaseModel", {"baseModel": name})

    def model(self, number: int, *, versions: tuple[dict[str, Any], ...] = ({},), **said: Any) -> None:
        row = {
            "id": number,
            "name": f"Model {number}",
            "type": "LORA",
            "userId": OWNER,
            "status": "Published",
        }
        self._insert("Model", {**row, "createdAt": NOW, "updatedAt": NOW, **said})
        for place, version in enumerate(versions):
            self.version(number, place, **version)

    def version(self, model: int, place: int, *, file: bool = True, **said: Any) -> None:
        number = said.get("id", model * 10 + place)
        row = {"id": number, "modelId": model, "name": f"v{place}", "baseModel": "SDXL 1.0", "index": place}
        row |= {"status": "Published", "createdAt": NOW, "updatedAt": NOW, "trainedWords": [f"word{number}"]}
        self._insert("ModelVersion", {**row, **said})
        if file:
            self._insert(
                "ModelFile",
                {
                    "id": number,
                    "modelVersionId": number,
                    "name": "a.safetensors",
                    "url": "https://example.com/a",
                    "sizeKB": 1.0,
                    "scannedAt": NOW,
                    "metadata": {"format": "SafeTensor"},
                },
            )
            self._insert("ModelFileHash", {"fileId": number, "type": "SHA256", "hash": f"ABC{number}"})

    def change(self, table_: str, number: int, **said: Any) -> None:
        from civgen.db.tables import table

        target = table(table_)
        with self.database.writing() as connection:
            connection.execute(target.update().where(target.c.id == number).values(**said))

    def remove(self, number: int) -> None:
        from civgen.db.tables import table

        target = table("Model")
        with self.database.writing() as connection:
            connection.execute(target.delete().where(target.c.id == number))

    def plan(self, backend: Backend) -> SearchPlan:
        with self.database.reading() as connection:
            return plan_search(connection, self.catalog, backend)

    def sync(self, backend: Backend, ids: list[int] | None = None) -> Synced:
        with self.database.reading() as connection:
            return sync(connection, self.catalog, backend, ids)

    def documents(self, backend: Backend) -> dict[int, dict[str, Any]]:
        """What the index should hold."""
        with self.database.reading() as connection:
            wanted = wanted_documents(connection, self.catalog, backend.index)
            return {one.id: one.document for one in wanted if one.document}

    def _insert(self, name: str, row: dict[str, Any]) -> None:
        from civgen.db.tables import table

        with self.database.writing() as connection:
            connection.execute(table(name).insert().values(**row))
