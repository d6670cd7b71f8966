"""The settings that the running crawler really has."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import scrapy
from poller import Poller

from crawler.crawl import Limits
from crawler.settings import HARDENED_SETTINGS
from rasid import __version__


@pytest.fixture(scope="module")
def engine(reactor: Any) -> Iterator[Any]:
    with Poller(reactor, limits=Limits(), overrides={}, allow=()) as poller:
        yield poller.crawler.engine


EFFECTIVE = {
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": 10 * 1024 * 1024,
    "DOWNLOAD_TIMEOUT": 20,
    "DNS_TIMEOUT": 5.0,
    "DNSCACHE_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "RETRY_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 1.0,
    "DOWNLOAD_DELAY_JITTER": 0.0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "REFERRER_POLICY": "scrapy.spidermiddlewares.referer.NoReferrerPolicy",
    "HTTPCACHE_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "USER_AGENT": f"Rasid/{__version__} (news monitor; +https://github.com/rasid-project/rasid)",
}


@pytest.mark.parametrize("name", sorted(EFFECTIVE))
def test_effective_value(engine: Any, name: str) -> None:
    assert engine.settings[name] == EFFECTIVE[name]


def test_nothing_of_the_project_overrides_them(engine: Any) -> None:
    assert {name: engine.settings[name] for name in EFFECTIVE} == EFFECTIVE
    for name in HARDENED_SETTINGS:
        assert engine.settings.getpriority(name) >= 20, f"{name} is still Scrapy's default"


def test_S14_scrapy_is_one_that_takes_no_code_from_headers() -> None:
    assert scrapy.version_info >= (2, 14, 2)  # GHSA-cwxj-rr6w-m6w7


def test_S06_only_http_handlers_exist(engine: Any) -> None:
    handlers = engine.engine.downloader.handlers
    assert {scheme for scheme, path in handlers._schemes.items() if path} == {"http", "https"}
    for scheme in ("file", "data", "ftp", "s3"):
        assert handlers._get_handler(scheme) is None


def test_no_extension_and_no_other_middleware_runs(engine: Any) -> None:
    assert engine.extensions.middlewares == ()
    names = {type(one).__name__ for one in engine.engine.downloader.middleware.middlewares}
    assert names == {
        "RobotsMiddleware",
        "DownloadTimeoutMiddleware",
        "DefaultHeadersMiddleware",
        "UserAgentMiddleware",
        "UnpackMiddleware",
        "HttpProxyMiddleware",
    }


def test_O02_what_is_switched_off_is_not_even_loaded() -> None:
    code = (
        "import sys; from crawler.crawl import ScrapyCrawler; from crawler.runtime import run\n"
        "from rasid.settings import Settings\n"
        "async def main():\n"
        "    crawler = await ScrapyCrawler.start(Settings(), None)\n"
        "    await crawler.close()\n"
        "run(main)\n"
        "print([name for name in sys.modules if name.startswith('scrapy.extensions.')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_the_handler_verifies_and_its_sibling_does_not(engine: Any) -> None:
    handler = engine.engine.downloader.handlers._get_handler("https")
    assert handler._strict._contextFactory._verify_certificates is True
    assert handler._trusting._contextFactory._verify_certificates is False
    assert handler._strict._pool is not handler._trusting._pool
