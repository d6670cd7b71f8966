"""Named places where a test makes the process die, as `kill -9` would."""

from __future__ import annotations

import os
import signal

_name = ""
_left = 1


def arm(spec: str) -> None:
    """Die at the place `name`, or at the n-th time there (`name:n`); nowhere, when empty."""
    global _name, _left
    _name, _, nth = spec.partition(":")
    _left = int(nth or 1)


def reach(name: str) -> None:
    """Die here when `RASID_FAILPOINT` is `name` or `name:n` (at the n-th time)."""
    global _left
    if name == _name:
        _left -= 1
        if _left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("RASID_FAILPOINT", ""))
