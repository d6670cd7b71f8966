"""How many messages a receiver is sent within a span. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasid.settings import SECOND, Limit

# what services answer with 429 beyond, where a receiver says nothing of its own
_OF_SERVICES: Final = {
    "slack": Limit(1, SECOND),
    "discord": Limit(5, 2 * SECOND),
    "tgram": Limit(1, SECOND),
}


def limit_of(template: str) -> Limit | None:
    """Return the limit of the service that a URL leads to, None when none is known."""
    return _OF_SERVICES.get(template.partition(":")[0].casefold())


def free_at(limit: Limit, sent: Sequence[int], now: int) -> int | None:
    """Return when the next message may go, None for now.

    `sent`: when the latest messages went, newest first; `limit.messages` of them are enough.
    Those of a time to come were sent before the clock was set back: nobody waits for them.
    """
    within = [at for at in sent if now - limit.per < at <= now]
    if len(within) < limit.messages:
        return None
    return within[limit.messages - 1] + limit.per
