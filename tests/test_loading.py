"""What a round loads before its first request, and how."""

from __future__ import annotations

import subprocess
import sys
import types

LATER = (
    "apprise",
    "feedparser",
    "jinja2",
    "rasid.places.geoparse",
    "requests",
    "rich",
    "simplemma",
    "storage.gazetteer",
    "tldextract",
    "trafilatura",
)


def _python(code: str) -> list[str]:
    command = [sys.executable, "-W", "error::UserWarning", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_what_a_round_may_never_need_is_not_loaded_for_it() -> None:
    code = "import sys, rasid.cli.once, scheduler, crawler.crawl; print(*sys.modules)"
    loaded = set(_python(code))
    assert {"scrapy", "twisted.web.client", "rasid.parts"} <= loaded
    assert loaded.isdisjoint(LATER)


def test_scrapy_names_its_classes_without_reading_its_sources() -> None:
    code = (
        "import inspect\n"
        "def look(*_): raise AssertionError('every module is asked for its file')\n"
        "inspect.stack = inspect.getmodule = look\n"
        "import crawler.crawl\n"
        "from scrapy.core.downloader import contextfactory, tls\n"
        "from scrapy.utils import deprecate\n"
        "print(tls.ScrapyClientTLSOptions.__module__)\n"
        "print(contextfactory.ScrapyClientContextFactory.__module__)\n"
        "print(deprecate.inspect.__name__)\n"
    )
    own = ["scrapy.core.downloader.tls", "scrapy.core.downloader.contextfactory"]
    assert _python(code) == [*own, "inspect"]


def test_what_scrapy_asks_of_frames_is_answered_as_inspect_does() -> None:
    from crawler.callers import Callers

    def asked() -> types.FrameType:
        return Callers.stack()[1][0]

    frame = asked()
    assert frame.f_code.co_name == "test_what_scrapy_asks_of_frames_is_answered_as_inspect_does"
    assert Callers.getmodule(frame) is sys.modules[__name__]
