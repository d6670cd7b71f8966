"""Links that acknowledge an alert, or a whole list: whoever has one may, until it expires.

A link says which alert or notification and until when, and nothing else of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final

from rasid.models import Alert, Notification
from rasid.protocols import Transaction
from rasid.settings import DAY, SECOND

GOOD_FOR: Final = 7 * DAY  # from when the alert was raised, or the list was made
_KEY: Final = "ack_key"  # in the store's meta
_BYTES: Final = 16  # of a signature
_LIST: Final = "list."  # no id has a full stop
_TOKEN: Final = re.compile(
    r"(list\.)?([0-9A-Z]{1,26})\.([0-9]{1,11})\.([A-Za-z0-9_-]{22})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link with a good signature is for: an alert, or the list that is a notification."""

    name: str
    expired: bool
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class AckLinks:
    """Makes links and reads them, under a key that nobody else has."""

    key: bytes

    def __repr__(self) -> str:
        """Say nothing of the key."""
        return "AckLinks(...)"

    def link(self, public_url: str, told: Alert | Notification) -> str:
        """Return the link of an alert or a list: the same whenever it is asked for."""
        return f"{public_url.rstrip('/')}/ack/{self.token(told)}"

    def token(self, told: Alert | Notification) -> str:
        """Return what is signed, and the signature."""
        kind = _LIST if isinstance(told, Notification) else ""
        said = f"{kind}{told.id}.{(told.created_at + GOOD_FOR) // SECOND}"
        return f"{said}.{self._signature(said)}"

    def read(self, token: str, now: int) -> Ticket | None:
        """Return what a token is for, None where it is not one of ours."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        kind, name, until, signature = found.groups("")
        good = self._signature(f"{kind}{name}.{until}")
        if not hmac.compare_digest(signature.encode(), good.encode()):
            return None
        return Ticket(name, now >= int(until) * SECOND, is_list=kind == _LIST)

    def _signature(self, said: str) -> str:
        digest = hmac.digest(self.key, f"rasid ack {said}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:_BYTES]).rstrip(b"=").decode()


def links_of(tx: Transaction) -> AckLinks:
    """Return the links of this installation; their key is made at its first start."""
    if not (key := tx.meta(_KEY)):
        key = secrets.token_hex(32)
        tx.set_meta(_KEY, key)
    return AckLinks(bytes.fromhex(key))
