"""What the use cases ask of the adapters."""

from rasid.protocols.fetching import (
    Captures,
    Crawler,
    HubClient,
    RobotsCache,
)
from rasid.protocols.reading import (
    Reading,
    Wanted,
)
from rasid.protocols.storage import (
    Clock,
    Storage,
)
from rasid.protocols.telling import (
    Matcher,
    Notifier,
)
from rasid.protocols.transaction import (
    Transaction,
)

__all__ = [
    "Captures",
    "Clock",
    "Crawler",
    "HubClient",
    "Matcher",
    "Notifier",
    "Reading",
    "RobotsCache",
    "Storage",
    "Transaction",
    "Wanted",
]
