"""The tables: the platform's types on PostgreSQL, the same meaning on SQLite."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable
from team import Team

from civgen.db.tables import Model, ModelFile, ModelVersion, Platform, table
from civgen.errors import InvalidInput

AT = datetime(2026, 1, 1)
#: Column definitions as the platform's own schema has them.
ON_POSTGRESQL = {
    "User": ["id SERIAL NOT NULL", "username CITEXT"],
    "Model": [
        "id SERIAL NOT NULL",
        "name CITEXT NOT NULL",
        'type "ModelType" NOT NULL',
        '"createdAt" TIMESTAMP(3) WITHOUT TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL',
        '"updatedAt" TIMESTAMP(3) WITHOUT TIME ZONE NOT NULL',
        "poi BOOLEAN DEFAULT false NOT NULL",
        "status \"ModelStatus\" DEFAULT 'Draft' NOT NULL",
        "meta JSONB DEFAULT '{}' NOT NULL",
        '"allowCommercialUse" "CommercialUse"[] DEFAULT \'{Sell}\' NOT NULL',
        "\"lockedProperties\" TEXT[] DEFAULT '{}'",
        'FOREIGN KEY("userId") REFERENCES "User" (id) ON DELETE RESTRICT ON UPDATE CASCADE',
    ],
    "ModelVersion": [
        '"modelId" INTEGER NOT NULL',
        '"trainedWords" TEXT[]',
        '"baseModel" TEXT NOT NULL',
        "\"baseModelType\" TEXT DEFAULT 'Standard' NOT NULL",
        '"usageControl" "ModelUsageControl" DEFAULT \'Download\' NOT NULL',
        "flags INTEGER DEFAULT 0 NOT NULL",
        '"licensingFee" NUMERIC(10, 2)',
        'FOREIGN KEY("modelId") REFERENCES "Model" (id) ON DELETE CASCADE ON UPDATE CASCADE',
        'FOREIGN KEY("vaeId") REFERENCES "ModelVersion" (id) ON DELETE SET NULL ON UPDATE CASCADE',
    ],
    "ModelFile": [
        '"sizeKB" DOUBLE PRECISION NOT NULL',
        "type TEXT DEFAULT 'Model' NOT NULL",
        "metadata JSONB",
        '"replacedAt" TIMESTAMP WITH TIME ZONE',
    ],
    "ModelFileHash": ['"fileId" INTEGER NOT NULL', "hash CITEXT NOT NULL", 'PRIMARY KEY ("fileId", type)'],
    "EcosystemCheckpoints": ["id INTEGER NOT NULL", "name TEXT NOT NULL", "PRIMARY KEY (id)"],
    "GenerationBaseModel": ['"baseModel" TEXT NOT NULL', 'PRIMARY KEY ("baseModel")'],
    "CoveredCheckpoint": ["model_id INTEGER NOT NULL", "PRIMARY KEY (model_id, version_id)"],
    "AuctionBase": ["ecosystem TEXT", "UNIQUE (type, ecosystem)", '"minPrice" INTEGER NOT NULL'],
}


def test_the_subset_is_complete() -> None:
    assert set(Platform.metadata.tables) == set(ON_POSTGRESQL)


@pytest.mark.parametrize("name", ON_POSTGRESQL)
def test_a_table_has_the_platforms_definition_on_postgresql(name: str) -> None:
    text = str(CreateTable(table(name)).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    lines = [line.strip().rstrip(",").strip() for line in text.splitlines()]
    assert [wanted for wanted in ON_POSTGRESQL[name] if wanted not in lines] == []


def test_what_an_insert_leaves_out_has_the_platforms_default(team: Team) -> None:
    with team.database.writing() as connection, Session(connection) as session:
        model = Model(name="m", type="LORA", userId=-1, updatedAt=AT)
        session.add(model)
        session.flush()
        version = ModelVersion(modelId=model.id, name="v", baseModel="SDXL 1.0", updatedAt=AT)
        session.add(version)
        session.flush()
        file = ModelFile(modelVersionId=version.id, name="f", url="https://example.org", sizeKB=1.5)
        session.add(file)
        session.flush()
        for row in (model, version, file):
            session.refresh(row)
        assert (model.status, model.availability, model.uploadType) == ("Draft", "Public", "Created")
        assert (model.allowCommercialUse, model.lockedProperties, model.meta) == (["Sell"], [], {})
        assert (version.status, version.baseModelType, version.usageControl) == (
            "Draft",
            "Standard",
            "Download",
        )
        assert (file.type, file.visibility, file.scannedAt, file.file_metadata) == (
            "Model",
            "Public",
            None,
            None,
        )


def test_enums_keys_and_case_are_kept(team: Team) -> None:
    insert = 'INSERT INTO "Model" (id, name, type, "userId", "updatedAt") VALUES (?, ?, ?, ?, ?)'
    team.run(insert, 1, "Flux", "LORA", -1, "2026-01-01 00:00:00")
    if team.on_sqlite or team.rows("SELECT 1 FROM pg_extension WHERE extname = 'citext'"):
        assert team.rows("SELECT id FROM \"Model\" WHERE name = 'fLUX'") == [(1,)]
    with pytest.raises((IntegrityError, InvalidInput), match="ModelType"):
        team.run(insert, 2, "m", "Lora", -1, "2026-01-01 00:00:00")
    with pytest.raises(IntegrityError, match=re.compile("FOREIGN KEY", re.IGNORECASE)):
        team.run(insert, 2, "m", "LORA", 4711, "2026-01-01 00:00:00")
    with pytest.raises(IntegrityError, match="updatedAt"):
        team.run('INSERT INTO "Model" (name, type, "userId") VALUES (?, ?, ?)', "m", "LORA", -1)
