"""How much work something is, for tests of how it grows; speed itself is measured in `bench/`."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of some work, without the collector of garbage.

    Its passes walk what all tests before have left in the process.
    """
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()
