"""Who loads a module of Scrapy's, told by its frame.

Scrapy names some classes after the module that makes them, and to find it reads the source of
all that is being loaded and asks every module of the process for its file: a fifth of a second.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType


class Callers:
    """What Scrapy asks of `inspect`, answered by frames alone."""

    isclass = staticmethod(inspect.isclass)

    @staticmethod
    def stack() -> list[tuple[FrameType]]:
        """Return the frame that asks and the one that called it, as `inspect.stack` begins."""
        return [(sys._getframe(1),), (sys._getframe(2),)]

    @staticmethod
    def getmodule(frame: FrameType) -> ModuleType | None:
        """Return the module whose code a frame runs."""
        return sys.modules.get(str(frame.f_globals.get("__name__")))


@contextmanager
def told() -> Iterator[None]:
    """Let modules of Scrapy be loaded so."""
    from scrapy.utils import deprecate

    names = vars(deprecate)
    before, names["inspect"] = names["inspect"], Callers
    try:
        yield
    finally:
        names["inspect"] = before
