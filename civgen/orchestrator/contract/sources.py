"""A contract by what a person names it with: civgen's own, a folder, or an OpenAPI document."""

from __future__ import annotations

from pathlib import Path

from civgen.orchestrator.contract.contract import Contract, contract_of, load_contract
from civgen.orchestrator.contract.openapi import pull
from civgen.orchestrator.contract.refresh import read_document

#: How civgen's own contract is named.
OWN = "built-in"


def contract_from(source: str) -> Contract:
    """The contract that a word names, with the overlay laid over it.

    Args:
        source: `built-in`, a folder made by `civgen contract pull`, or an OpenAPI document: a file, an
            https address, or an http one of this machine.

    Raises:
        InvalidInput: it is none of these.
        Unavailable: it could not be fetched.
    """
    if source == OWN:
        return load_contract()
    if "://" not in source and Path(source).is_dir():
        return load_contract(Path(source))
    return contract_of(pull(read_document(source), None))
