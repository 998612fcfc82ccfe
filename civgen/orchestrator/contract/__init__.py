"""The orchestrator's contract: the schema of every step input, as data, and a check against it.

`index.json` and `leaves/` are made from the orchestrator's OpenAPI document by `civgen contract pull`;
`overlay.toml` is laid over them where the document is behind the platform, or wrong.
"""

from __future__ import annotations

from civgen.orchestrator.contract.contract import Contract, Leaf, contract_of, load_contract
from civgen.orchestrator.contract.files import write
from civgen.orchestrator.contract.openapi import PulledContract, pull
from civgen.orchestrator.contract.overlay import Change

__all__ = [
    "Change",
    "Contract",
    "Leaf",
    "PulledContract",
    "contract_of",
    "load_contract",
    "pull",
    "write",
]
