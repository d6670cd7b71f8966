"""Loads all that commands and the daemon need: what is forked from here starts at once.

Loading it takes seconds of each start, which tests of a hundred starts would wait for. Nothing
here may install a reactor or start a thread: a fork would be left with half of either.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import rasid.cli
from rasid.stories.features import warm_up

LOADED = (
    # as Scrapy and its like do by themselves, with the first request or the first item
    "anyascii._data",
    "apscheduler.executors.asyncio",
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.interval",
    "encodings.charmap",
    "encodings.utf_8_sig",
    "netrc",
    "rich.console",
    "rich.table",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.dupefilters",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "twisted.internet.asyncioreactor",
    # ours, which are imported where they are needed
    "crawler.crawl",
    "crawler.kinds",
    "crawler.runtime",
    "crawler.unpack",
    "crawler.workers",
    "rasid.notifiers.apprise",
    "rasid.web.app",
    "rasid.web.server",
    "scheduler",
    "storage.sqlite",
)


def prepare() -> None:
    """Load it, and what the first item would wait for."""
    commands = [found.name for found in pkgutil.iter_modules(rasid.cli.__path__, "rasid.cli.")]
    for name in (*LOADED, *commands):
        importlib.import_module(name)
    warm_up()
    assert "twisted.internet.reactor" not in sys.modules
