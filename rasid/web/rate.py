"""How often something may be asked for."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final

from rasid.protocols import Clock

_MOST_KEYS: Final = 1_000


class Rate:
    """At most so many times within a span (microseconds), for each key by itself."""

    def __init__(self, most: int, per: int, clock: Clock) -> None:
        self._most = most
        self._per = per
        self._clock = clock
        self._times: OrderedDict[str, deque[int]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count a request and say whether it may be answered."""
        now = self._clock()
        times = self._times.setdefault(key, deque(maxlen=self._most))
        self._times.move_to_end(key)
        if len(self._times) > _MOST_KEYS:
            self._times.popitem(last=False)
        # a time to come is from before the clock was set back
        if len(times) == self._most and now - self._per < times[0] <= now:
            return False
        times.append(now)
        return True
