"""Addresses of blobs: signed ones need no token, so that a browser can open them, and expire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from civgen.sandbox.behaviour import URL_LIFE

#: Seconds for which an upload may be begun with a presigned URL.
UPLOAD_LIFE = 15 * 60
BLOBS = "/v2/consumer/blobs"


@dataclass(frozen=True)
class Links:
    """Makes and checks the addresses of blobs.

    Args:
        base: URL of the sandbox, without a slash at its end.
        key: to sign with.
        now: seconds of the epoch.
        life: seconds for which a signed URL is good.
    """

    base: str
    key: bytes
    now: float
    life: float = URL_LIFE

    @property
    def expiry(self) -> int:
        """When a URL made now stops being good, as seconds of the epoch."""
        return ceil(self.now + self.life)

    def blob(self, blob_id: str) -> str:
        """The signed URL of a blob."""
        signed = {"sig": self._signature(f"{blob_id}|{self.expiry}"), "exp": self.expiry}
        return f"{self.base}{BLOBS}/{blob_id}?{urlencode(signed)}"

    def opens(self, blob_id: str, query: Mapping[str, str]) -> bool:
        """Whether the query of a blob's URL is a signature that is still good."""
        expiry = query.get("exp", "")
        signed = self._is_signed(f"{blob_id}|{expiry}", query.get("sig", ""))
        return signed and int(expiry) > self.now

    def upload(self, user: str) -> tuple[str, int]:
        """A URL to upload a file to without a token, and when it stops being good."""
        expiry = int(self.now) + UPLOAD_LIFE
        signed = {"user": user, "exp": expiry, "sig": self._signature(f"upload|{user}|{expiry}")}
        return f"{self.base}{BLOBS}?{urlencode(signed)}", expiry

    def uploader(self, query: Mapping[str, str]) -> str | None:
        """Who may upload with a presigned URL; None when its signature is not good, or no longer."""
        user, expiry = query.get("user", ""), query.get("exp", "")
        signed = self._is_signed(f"upload|{user}|{expiry}", query.get("sig", ""))
        return user if signed and int(expiry) > self.now else None

    def content(self, blob_id: str, filename: str | None, *, download: bool) -> str:
        """The URL of a blob's content, as a token that says what to serve and how."""
        said = {"id": blob_id, "exp": self.expiry, "name": filename, "download": download}
        token = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
        return f"{self.base}{BLOBS}/content/{token}.{self._signature(token)}"

    def read(self, token: str) -> dict[str, Any] | None:
        """What a content token says; None when it was not made here."""
        said, _, signature = token.partition(".")
        if not self._is_signed(said, signature):
            return None
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        return found

    def _is_signed(self, text: str, signature: str) -> bool:
        return hmac.compare_digest(self._signature(text).encode(), signature.encode())

    def _signature(self, text: str) -> str:
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:32]
