"""One form posted to a hub, through the guard like everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.refused import Refused
from crawler.settings import MAX_REDIRECTS
from crawler.urls import check_url, redirected
from rasid.models import PollReason

_REPEATED: Final = frozenset({307, 308})  # redirects after which the form is sent again


async def post(engine: Crawler, url: str, form: Mapping[str, str], user_agent: str) -> int:
    """Return the status of the answer. Raises `Refused` and Scrapy's own."""
    for _ in range(MAX_REDIRECTS + 1):
        check_url(url)
        assert engine.engine is not None
        response = await engine.engine.download_async(_request(url, form, user_agent))
        location = response.headers.get("Location")
        if response.status not in _REPEATED or not location:
            return response.status
        url = redirected(url, location)
    raise Refused(PollReason.REDIRECTS, f"more than {MAX_REDIRECTS} redirects")


def _request(url: str, form: Mapping[str, str], user_agent: str) -> Request:
    headers = {"User-Agent": user_agent, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        return Request(
            url,
            callback=NO_CALLBACK,
            method="POST",
            headers=headers,
            body=urlencode(form),
            # robots.txt is for pages; a hub is there to be asked
            meta={"proxy": None, "dont_obey_robotstxt": True},
            dont_filter=True,
        )
    except (ValueError, UnicodeError) as error:
        raise Refused(PollReason.BAD_URL, f"the address cannot be used: {error}") from error
