"""Scrapy's settings, in one place: its defaults suit a scraper, not a monitor."""

from __future__ import annotations

from typing import Any, Final

from rasid import __version__

USER_AGENT: Final = f"Rasid/{__version__} (news monitor; +https://github.com/rasid-project/rasid)"

MAX_BODY: Final = 10 * 1024 * 1024
MAX_HEADER_BYTES: Final = 256 * 1024
IDLE_SECONDS: Final = 5  # a connection is kept open that long
MAX_REDIRECTS: Final = 5
HOST_DELAY: Final = 1.0  # seconds between two requests to one host
CONCURRENCY: Final = 64  # polls at once
POLL_SECONDS: Final = 60.0  # wall time of one poll, parsing and redirects included
DNS_SECONDS: Final = 5.0

HARDENED_SETTINGS: Final[dict[str, Any]] = {
    # what may be fetched, and how much of it
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.download.PolledHandler",
        "https": "crawler.download.PolledHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": MAX_BODY,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_TIMEOUT": 20,
    "DOWNLOAD_FAIL_ON_DATALOSS": False,  # judged by crawler.outcome: many feeds end so
    "DNS_TIMEOUT": DNS_SECONDS,
    "DNSCACHE_ENABLED": False,
    # redirects are walked by crawler.fetch, which judges every hop
    "REDIRECT_ENABLED": False,
    "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
    "METAREFRESH_ENABLED": False,
    # a failed poll waits for its next turn
    "RETRY_ENABLED": False,
    # politeness: a limit per host holds in Scrapy only where the delay is above 0
    "CONCURRENT_REQUESTS": CONCURRENCY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": HOST_DELAY,
    "DOWNLOAD_DELAY_JITTER": 0.0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "USER_AGENT": USER_AGENT,
    "DEFAULT_REQUEST_HEADERS": {},  # every poll says what it takes
    # nothing is told and nothing is kept
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "REFERRER_POLICY": "scrapy.spidermiddlewares.referer.NoReferrerPolicy",
    "HTTPCACHE_ENABLED": False,
    # no doors
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    # what is used and no more: what is only switched off would be loaded all the same
    "EXTENSIONS_BASE": {},
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
        "crawler.unpack.UnpackMiddleware": 590,
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    },
    # one process, one loop, its logs to the daemon's
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "LOG_ENABLED": False,
    "STATS_DUMP": False,
}


def scrapy_settings(user_agent: str = "", delay: float = HOST_DELAY) -> dict[str, Any]:
    """Return the settings of one crawler."""
    return {
        **HARDENED_SETTINGS,
        "USER_AGENT": user_agent or USER_AGENT,
        "DOWNLOAD_DELAY": delay,
    }
