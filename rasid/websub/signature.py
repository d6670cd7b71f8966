"""Whether a push was signed with the secret of its subscription. Pure."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

_METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})  # all that WebSub names


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Say whether an `X-Hub-Signature` (`sha256=...`) is right for a body."""
    method, _, digest = signature.strip().partition("=")
    if method.lower() not in _METHODS or not digest.isascii():
        return False
    right = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(right, digest.lower())
