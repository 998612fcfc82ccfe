"""What users with a balance have spent: a sum a user and currency, and what will change it by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from civgen.sandbox.record import Charge, Record, paid
from civgen.sandbox.users import User

TABLES = """
CREATE TABLE spent (
    user TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (user, currency)
) WITHOUT ROWID;
CREATE TABLE foreseen (
    workflow TEXT NOT NULL, user TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX foreseen_at ON foreseen (at);
CREATE INDEX foreseen_of ON foreseen (workflow);
"""


def available(db: sqlite3.Connection, user: User, now: float) -> Mapping[str, int] | None:
    """What a user has now, by currency; None when they pay anything."""
    if user.balances is None:
        return None
    _settle(db, now)
    spent = dict(db.execute("SELECT currency, amount FROM spent WHERE user = ?", (user.user,)))
    names = {*user.balances, *spent}
    return {str(name): user.balances.get(name, 0) - spent.get(name, 0) for name in names}


def book(db: sqlite3.Connection, before: Sequence[Charge], after: Record, now: float) -> None:
    """Account for what a workflow is charged after a change, in place of what it was charged before it."""
    _settle(db, now)
    db.execute("DELETE FROM foreseen WHERE workflow = ?", (after.id,))
    was = paid(charge for charge in before if charge.at <= now)
    ours = paid(charge for charge in after.charges if charge.at <= now)
    for currency in {*was, *ours}:
        _spend(db, after.user, currency, ours.get(currency, 0) - was.get(currency, 0))
    db.executemany(
        "INSERT INTO foreseen VALUES (?, ?, ?, ?, ?)",
        [
            (after.id, after.user, currency, amount if kind == "debit" else -amount, at)
            for kind, currency, amount, at in after.charges
            if at > now
        ],
    )


def _settle(db: sqlite3.Connection, now: float) -> None:
    due = db.execute("SELECT user, currency, amount FROM foreseen WHERE at <= ?", (now,)).fetchall()
    for user, currency, amount in due:
        _spend(db, user, currency, amount)
    if due:
        db.execute("DELETE FROM foreseen WHERE at <= ?", (now,))


def _spend(db: sqlite3.Connection, user: str, currency: str, amount: int) -> None:
    if amount:
        db.execute(
            "INSERT INTO spent VALUES (?, ?, ?)"
            " ON CONFLICT (user, currency) DO UPDATE SET amount = amount + excluded.amount",
            (user, currency, amount),
        )
