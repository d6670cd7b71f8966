"""Named places where a test makes the process die, as `kill -9` would."""

from __future__ import annotations

import os
import signal
from typing import Final

_SPEC: Final = os.environ.get("RASID_FAILPOINT", "")
_NAME, _, _NTH = _SPEC.partition(":")
_left = int(_NTH or 1)


def reach(name: str) -> None:
    """Die here when `RASID_FAILPOINT` is `name` or `name:n` (at the n-th time)."""
    global _left
    if name == _NAME:
        _left -= 1
        if _left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
