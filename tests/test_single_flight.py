"""Loaded once, by whichever thread comes first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from rasid.single_flight import single_flight


def test_threads_that_ask_at_the_same_time_wait_for_one_load() -> None:
    started, release, loads = threading.Event(), threading.Event(), list[str]()

    @single_flight
    def words(language: str) -> list[str]:
        loads.append(language)
        started.set()
        assert release.wait(10)
        return [language]

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(words, "ar")
        assert started.wait(10)
        others = [pool.submit(words, "ar") for _ in range(3)]
        release.set()
        found = [asked.result(10) for asked in (first, *others)]
    assert loads == ["ar"]
    assert all(one is found[0] for one in found)


def test_a_load_that_fails_is_tried_again() -> None:
    answers = iter([OSError("no such file"), None])

    @single_flight
    def words(language: str) -> str:
        if error := next(answers):
            raise error
        return language

    with ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(words, "ar").exception(10), OSError)
    assert words("ar") == "ar"
