"""Looks for sources at an address: the page, then what it leads to, then usual addresses.

Every request is one that `look` makes, within `MOST_REQUESTS`, and what does not answer or
refuses us is not asked for more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from rasid.causes import cause_of, told
from rasid.discovery import guesses
from rasid.discovery.judging import Candidate, judge, ranked
from rasid.discovery.typed import addresses
from rasid.discovery.watched import source_key
from rasid.models import Cause, Lead, Look, ParsedFeed, PollOutcome, PollReason, PollResult, Sign

MOST_REQUESTS: Final = 30  # robots.txt and redirects not counted
_MOST: Final = {Sign.DECLARED: 12, Sign.LINKED: 10, Sign.CHANNEL: 3}  # asked for, of a page
_MOST_SITEMAPS: Final = 3
_MOST_REFRESHES: Final = 2
_MOST_REFUSALS: Final = 3  # of one host, until it is left alone
_UNREACHED: Final = frozenset(
    {PollReason.CONNECT, PollReason.DNS, PollReason.TIMEOUT, PollReason.TLS}
)
_OVER: Final = _UNREACHED | {PollReason.BLOCKED_ADDRESS, PollReason.BAD_URL}
_WALLS: Final = frozenset({Cause.BOT_WALL, Cause.STATUS_401, Cause.STATUS_403, Cause.STATUS_5XX})

LookAt = Callable[[str], Awaitable[PollResult]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that was asked for and is nothing to watch; `detail` says why."""

    url: str
    sign: Sign
    reason: PollReason
    detail: str
    cause: Cause | None = None

    @property
    def walled(self) -> bool:
        """Whether it answers as it would to programs that it does not want."""
        return self.cause in _WALLS


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to, best candidates first."""

    page: Look | None  # what stands at the address
    candidates: tuple[Candidate, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    untried: tuple[str, ...] = ()  # leads beyond the number of requests
    requests: int = 0


async def discover(typed: str, look: LookAt, now: int, *, most: int = MOST_REQUESTS) -> Found:
    """Return what can be watched at an address as a person types it.

    `look` asks for an address and says what stands there. Raises `NoAddressError`.
    """
    search = _Search(look, now, most)
    start = await search.begin(addresses(typed))
    if start.read is None:
        await search.behind(start)
    elif start.read.kind == "index":
        await search.index(start.lead, start.read)
    elif start.read.kind == "page":
        await search.page(start.read)
        search.repeated(start.read, start.result.feed)
    return search.found()


@dataclass(frozen=True, slots=True)
class _Answer:
    lead: Lead
    result: PollResult

    @property
    def read(self) -> Look | None:
        """What stands there, None where nothing could be read."""
        return self.result.look if self.result.outcome is PollOutcome.OK else None


@dataclass(slots=True)
class _Search:
    look: LookAt
    now: int
    left: int
    requests: int = 0
    home: Look | None = None
    candidates: list[Candidate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)
    _refused: dict[str, int] = field(default_factory=dict)  # by host

    async def begin(self, urls: Sequence[str]) -> _Answer:
        """Return the answer of the first address that is there, and where it sends browsers."""
        answer = await self._ask(Lead(urls[0], Sign.GIVEN))
        for url in urls[1:]:
            if answer.result.reason not in (PollReason.CONNECT, PollReason.TIMEOUT):
                break
            self._refused.clear()
            answer = await self._ask(Lead(url, Sign.GIVEN))
        for _ in range(_MOST_REFRESHES):
            if not (answer.read and answer.read.refresh) or answer.read.refresh in self._asked:
                break
            answer = await self._ask(Lead(answer.read.refresh, Sign.GIVEN))
        self.home = answer.read
        self._take(answer)
        return answer

    async def behind(self, start: _Answer) -> None:
        """Look for feeds beside a page that refuses us: they are often let through."""
        if start.result.reason not in _OVER:
            await self._guess(guesses.feeds_of(start.lead.url))

    async def page(self, page: Look) -> None:
        """Look at all that a page leads to; at what it repeats where nothing else is good."""
        answers = await self._ask_all(self._chosen(page.leads))
        listed = [one.read for one in answers if one.read and one.read.kind == "page"]
        further = [lead for one in listed for lead in one.leads if lead.sign is not Sign.CHANNEL]
        await self._ask_all(self._chosen(further))
        await self._sitemaps(Lead(url, Sign.ROBOTS) for url in page.sitemaps)
        if not self._has_good():
            await self._guess(guesses.feeds_of(page.url))
        if not self._has_good() and not page.sitemaps:
            for url in guesses.sitemaps_of(page.url):
                if not self._has_good():
                    await self._sitemaps([Lead(url, Sign.GUESSED)])

    async def index(self, lead: Lead, look: Look) -> None:
        """Look at the news sitemaps of an index, or judge it by the one that changed last."""
        if news := [one for one in look.leads if guesses.is_news(one.url)][:_MOST_SITEMAPS]:
            await self._ask_all(news)
        elif not self._has_good() and look.leads and self._may_ask(look.leads[0].url):
            answer = await self._ask(look.leads[0])
            feed = answer.result.feed
            if answer.read and feed and answer.read.kind == "sitemap":
                self.candidates.append(judge(lead, answer.read, feed, self.home, self.now))

    def repeated(self, page: Look, feed: ParsedFeed | None) -> None:
        """Take the page itself, by the selectors proposed for it, if nothing else is good."""
        if feed and page.select and not self._has_good():
            lead = Lead(page.url, Sign.REPEATED)
            self.candidates.append(judge(lead, page, feed, page, self.now))

    def found(self) -> Found:
        """Return what came of it."""
        return Found(
            self.home,
            tuple(ranked(self.candidates)),
            tuple(self.refusals),
            tuple(self.untried),
            self.requests,
        )

    def _has_good(self) -> bool:
        """Whether something was found that is worth watching and more than a channel."""
        return any(one.good and one.kind != "telegram" for one in self.candidates)

    async def _guess(self, urls: Iterable[str]) -> None:
        for url in urls:
            lead = Lead(url, Sign.GUESSED)
            if not self._may_ask(url):
                return
            await self._ask_all([lead])
            if self._has_good():
                return

    async def _sitemaps(self, leads: Iterable[Lead]) -> None:
        """Look at the sitemaps that promise news, else at the first one."""
        known = list(leads)
        chosen = [lead for lead in known if guesses.is_news(lead.url)][:_MOST_SITEMAPS]
        if not chosen:  # only an index may lead to better than what is good already
            chosen = [one for one in known if not self._has_good() or "index" in one.url][:1]
        for answer in await self._ask_all(chosen):
            if answer.read and answer.read.kind == "index":
                await self.index(answer.lead, answer.read)

    async def _ask_all(self, leads: Iterable[Lead]) -> list[_Answer]:
        """Ask for addresses not yet asked for; those of one host one after the other."""
        fresh = {lead.url: lead for lead in leads if lead.url not in self._asked}
        hosts: dict[str, list[Lead]] = {}
        for lead in fresh.values():
            hosts.setdefault(urlsplit(lead.url).netloc, []).append(lead)
        groups = await asyncio.gather(*(self._in_turn(group) for group in hosts.values()))
        return [answer for group in groups for answer in group]

    async def _in_turn(self, leads: Sequence[Lead]) -> list[_Answer]:
        answers: list[_Answer] = []
        for lead in leads:
            if not self._may_ask(lead.url):
                self.untried.append(lead.url)
                continue
            answer = await self._ask(lead)
            self._take(answer)
            answers.append(answer)
        return answers

    async def _ask(self, lead: Lead) -> _Answer:
        self._asked.add(lead.url)
        self.left -= 1
        self.requests += 1
        answer = _Answer(lead, await self.look(lead.url))
        result = answer.result
        if answer.read is None:
            said = (result.reason, told(result), cause_of(result))
            self.refusals.append(Refusal(lead.url, lead.sign, *said))
            self._count(urlsplit(lead.url).netloc, result)
        return answer

    def _count(self, host: str, result: PollResult) -> None:
        """Note what a host refused; one that asks us to slow down is left alone at once."""
        if result.outcome is PollOutcome.RATE_LIMITED:
            self._refused[host] = _MOST_REFUSALS
        elif cause_of(result) in _WALLS or result.reason in _UNREACHED:
            self._refused[host] = self._refused.get(host, 0) + 1

    def _may_ask(self, url: str) -> bool:
        return self.left > 0 and self._refused.get(urlsplit(url).netloc, 0) < _MOST_REFUSALS

    def _chosen(self, leads: Iterable[Lead]) -> list[Lead]:
        """Return the leads that are asked for: up to a number of each kind, each address once."""
        counts: dict[Sign, int] = {}
        chosen: dict[str, Lead] = {}
        for lead in leads:
            key = source_key(lead.url)
            if key in chosen:
                continue
            if counts.get(lead.sign, 0) < _MOST.get(lead.sign, 0):
                counts[lead.sign] = counts.get(lead.sign, 0) + 1
                chosen[key] = lead
            elif lead.url not in self.untried:
                self.untried.append(lead.url)
        return list(chosen.values())

    def _take(self, answer: _Answer) -> None:
        """Keep what can be watched; a page is no source before its selectors are wanted."""
        look, feed, lead = answer.read, answer.result.feed, answer.lead
        if look and look.kind == "page" and lead.sign is not Sign.GIVEN:
            named = f' titled "{look.title[:80]}"' if look.title else ""
            detail = f"not a feed but a web page{named}"
            self.refusals.append(Refusal(lead.url, lead.sign, PollReason.NOT_A_FEED, detail))
        if look is None or feed is None or look.kind == "page":
            return
        moved = answer.result.moved_to
        lead = Lead(moved, lead.sign, lead.title) if moved else lead
        if all(source_key(lead.url) != source_key(one.url) for one in self.candidates):
            self.candidates.append(judge(lead, look, feed, self.home, self.now))
