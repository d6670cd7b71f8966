"""What an answer is worth as a source: a score from 0 to 100, with its reasons. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from rasid.counted import counted
from rasid.models import Lead, Look, ParsedFeed, ParsedItem, Sign
from rasid.settings import DAY, Select

GOOD: Final = 50  # from here on it is worth watching
DEAD: Final = 365 * DAY  # without a news item
_QUIET: Final = 60 * DAY
_FRESH: Final = 3 * DAY
_SAME: Final = 0.8  # of its items another has too
_WORTH: Final = {"feed": 60, "telegram": 50, "sitemap": 50, "page": 50}
_SIGNS: Final = {
    Sign.GIVEN: (25, "the address itself"),
    Sign.DECLARED: (15, "declared by the page"),
    Sign.LINKED: (8, "linked from the page"),
    Sign.CHANNEL: (5, "channel linked from the page"),
    Sign.ROBOTS: (8, "named in robots.txt"),
    Sign.INDEXED: (6, "in an index of sitemaps"),
    Sign.GUESSED: (10, "at a usual address"),
    Sign.REPEATED: (0, "selectors are a guess: read the titles"),
}
_COMMENTS: Final = re.compile(
    r"/comments?(?:/|$)|[?&](?:feed|type)=comments|^comments?\b|\bcomments?(?: feed| on )"
    r"|تعليق|комментар|نظرات|\bkommentare?\b|\bcommentaires?\b|\bcomentarios\b|\byorum",
    re.IGNORECASE,
)
_ARABIC: Final = re.compile(r"[\u0620-\u06ff]")
_IN_ARABIC_LETTERS: Final = frozenset({"ar", "ckb", "fa", "ks", "ps", "sd", "ug", "ur"})
_PERSIAN: Final = re.compile("[پچژگکی]")
_FEW: Final = 0.04  # of letters: names of foreigners have them too


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be watched. `newest` is the time of its newest item."""

    url: str
    kind: str  # of a source: feed, sitemap, telegram, page
    title: str
    items: int
    newest: int | None
    language: str
    sign: Sign
    score: int
    why: tuple[str, ...]
    select: Select | None = None
    titles: tuple[str, ...] = ()  # of some items
    names: frozenset[str] = frozenset()  # what its items are told apart by
    repeats: str = ""  # the address of a better one that has the same items

    @property
    def good(self) -> bool:
        """Whether it is worth watching."""
        return self.score >= GOOD


def judge(lead: Lead, look: Look, feed: ParsedFeed, page: Look | None, now: int) -> Candidate:
    """Return what was read at an address as a candidate; `page` led there, if one did."""
    items = feed.items
    newest = max((item.published for item in items if item.published is not None), default=None)
    grounds = [*_grounds(lead, look, feed, newest, now)]
    score = _WORTH.get(look.kind, 0) + sum(points for points, _ in grounds)
    return Candidate(
        url=lead.url,
        kind=look.kind,
        title=feed.title or lead.title or (page.title if page else ""),
        items=len(items),
        newest=newest,
        language=_language(feed, page or look),
        sign=lead.sign,
        score=min(max(score, 0), 100),
        why=tuple(words for _, words in grounds),
        select=look.select if look.kind == "page" else None,
        titles=tuple(item.title for item in items if item.title)[:5],
        names=frozenset(filter(None, map(_name, items))),
    )


def _name(item: ParsedItem) -> str:
    return item.link_key or item.guid or item.title


def _grounds(
    lead: Lead, look: Look, feed: ParsedFeed, newest: int | None, now: int
) -> Iterator[tuple[int, str]]:
    """Yield points with their reason, what weighs most first."""
    if _COMMENTS.search(lead.url) or _COMMENTS.search(f"{feed.title}\n{lead.title}"):
        yield -50, "comments of readers, not news"
    if not feed.items:
        yield -50, "empty: no item in it"
    elif newest is None:
        yield 0, "no dates"
    else:
        yield _age(newest, now)
    if feed.items and not any(item.title or item.summary for item in feed.items):
        yield -30, "links without titles: rules on words match nothing"
    yield _SIGNS[lead.sign]
    if 0 < len(feed.items) < 3:
        yield -5, f"only {counted(len(feed.items), 'item')}"
    if depth := _depth(lead):
        yield -depth, "a section, as its address says"


def _age(newest: int, now: int) -> tuple[int, str]:
    age, day = now - newest, max(now - newest, 0) // DAY
    if age > DEAD:
        return -50, f"dead: no item for {counted(day, 'day')}"
    if age > _QUIET:
        return -15, f"quiet: newest item {counted(day, 'day')} old"
    if age > _FRESH:
        return 5, f"newest item {counted(day, 'day')} old"
    return 12, "fresh"


def _depth(lead: Lead) -> int:
    """Return points that a feed of a part of a site loses against that of the whole."""
    if lead.sign not in (Sign.DECLARED, Sign.LINKED):
        return 0
    parts = [part for part in urlsplit(lead.url).path.split("/") if part]
    return min(2 * max(len(parts) - 2, 0), 6)


def _language(feed: ParsedFeed, page: Look) -> str:
    """Return the language of most items, else that of the feed or of the page.

    Many say en-US of themselves and are not: letters that tell have the last word.
    """
    counts = Counter(item.language for item in feed.items if item.language)
    said = counts.most_common(1)[0][0] if counts else feed.language or page.language
    titles = " ".join(item.title or item.summary[:100] for item in feed.items[:20])
    return said if said in _IN_ARABIC_LETTERS else _by_letters(titles) or said


def _by_letters(text: str) -> str:
    """Return `ar` or `fa` where the letters of most words tell, "" elsewhere."""
    arabic, letters = len(_ARABIC.findall(text)), sum(map(str.isalpha, text))
    if 2 * arabic <= letters:
        return ""
    return "fa" if len(_PERSIAN.findall(text)) > _FEW * arabic else "ar"


def ranked(found: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates best first; what repeats a better one follows all that do not."""
    best: list[Candidate] = []
    repeats: list[Candidate] = []
    for one in sorted(found, key=_rank):
        twin = next((other for other in best if _same(one, other)), None)
        if twin is None:
            best.append(one)
        else:
            why = (f"the same items as {twin.url}", *one.why)
            repeats.append(
                replace(one, repeats=twin.url, why=why, score=min(one.score - 30, GOOD - 1))
            )
    repeats = [replace(one, score=max(one.score, 0)) for one in repeats]
    return sorted([*best, *repeats], key=lambda one: -one.score)


def _rank(one: Candidate) -> tuple[int, int, int]:
    return -one.score, len(urlsplit(one.url).path), len(one.url)


def _same(one: Candidate, other: Candidate) -> bool:
    return bool(one.names) and len(one.names & other.names) >= _SAME * len(one.names)
