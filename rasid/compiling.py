"""Rules compiled by a process beside this one: who matches first waits for them, nobody else.

To compile new rules is a second or more of looking through dictionaries, which a round can
spend with asking for feeds.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from rasid.config.environment import Place
from rasid.loading import cache_of, checked
from rasid.models import Document, Match
from rasid.places.model import Atlas
from rasid.protocols import Matcher
from rasid.rules import RuleIndex, compile_rules
from rasid.rules.compile import is_kept, kept_program
from rasid.settings import Config
from rasid.single_flight import single_flight
from rasid.stories.features import warm_up
from rasid.stories.kept import SHELF

Loaded = tuple[Config, Matcher]
"""A configuration, and its rules compiled."""


class Awaited:
    """Rules that are being compiled; `ready` waits until they are and returns them."""

    def __init__(self, version: str, ready: Callable[[], RuleIndex]) -> None:
        self.version = version
        self._ready = single_flight(ready)

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        """See `rasid.protocols.Matcher`; the first call waits."""
        return self._ready().match(document, now)


def compiled_beside(place: Place, atlas: Atlas) -> Loaded:
    """Return the configuration of a place and its rules, which may still be being compiled.

    They are compiled here where they are kept, where a process cannot safely be forked, or
    where the one beside came to nothing. Raises `ConfigError` with every problem.
    """
    cache = cache_of(place)
    config = checked(place.config, cache, atlas)
    if is_kept(config, cache) or not _may_fork():
        return config, compile_rules(config, cache_dir=cache, atlas=atlas)
    context = multiprocessing.get_context("fork")
    told, tells = context.Pipe(duplex=False)
    context.Process(target=_compile, args=(config, cache, tells), daemon=True).start()
    tells.close()  # the other end is the child's alone: it is closed by however the child ends

    def ready() -> RuleIndex:
        with suppress(EOFError):
            told.recv()
        return compile_rules(config, cache_dir=cache, atlas=atlas)

    return config, Awaited(config.version, ready)


def _may_fork() -> bool:
    """Whether no other thread can hold what the child will need."""
    return sys.platform == "linux" and threading.active_count() == 1


def _compile(config: Config, cache: Path, tells: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the round, which ends this too
    gc.disable()
    kept_program(config, cache)
    tells.close()
    SHELF.folder = cache
    warm_up()  # a first poll tells no stories: what the first news will need is kept by then
