"""What is loaded once a process, however many threads ask for it at the same time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def single_flight(load: Callable[P, T]) -> Callable[P, T]:
    """Return a function that loads once for each arguments, and keeps what was loaded.

    `functools.cache` lets every thread that comes before the first is done do the work again.
    """
    lock, loaded = Lock(), dict[Any, T]()

    @wraps(load)
    def locked(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, tuple(kwargs.items()))
        with lock:
            if key not in loaded:
                loaded[key] = load(*args, **kwargs)
            return loaded[key]

    return cast("Callable[P, T]", cache(locked))
