"""What a sandbox has kept, and its removal; also while a server runs on it."""

from __future__ import annotations

from typing import Any

from civgen.sandbox.store import Store

_BY_STATUS = """
SELECT
    CASE WHEN canceled IS NOT NULL THEN 'canceled' WHEN ends <= ? THEN outcome ELSE 'in flight' END AS status,
    COUNT(*)
FROM workflows WHERE kind = 'stored' GROUP BY status ORDER BY status
"""
_KEPT = ("workflows", "tags", "spent", "foreseen", "callbacks", "uploads")


def summary(store: Store, now: float) -> dict[str, Any]:
    """How many workflows of each status there are, how many uploads, and who spent what.

    Args:
        now: seconds of the epoch.
    """
    spent: dict[str, dict[str, int]] = {}
    for user, currency, amount in store.db.execute("SELECT user, currency, amount FROM spent ORDER BY user"):
        spent.setdefault(user, {})[currency] = amount
    workflows = dict(store.db.execute(_BY_STATUS, (now,)).fetchall())
    uploads = store.db.execute("SELECT COUNT(*) FROM uploads").fetchone()[0]
    return {"workflows": workflows, "uploads": uploads, "spent": spent}


def reset(store: Store) -> None:
    """Forget everything but the key that signs URLs, which a running server has read."""
    with store.commits.alone() as db:
        for table in _KEPT:
            db.execute(f"DELETE FROM {table}")
    store.db.execute("VACUUM")
