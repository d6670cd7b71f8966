"""A search for sources, as the commands make it and tell of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from rasid.cli.output import rfc3339, show
from rasid.counted import counted
from rasid.models import PollReason, PollResult, Sign, SourceState
from rasid.settings import Config, Settings, Source

if TYPE_CHECKING:
    from rasid.discovery import Candidate, Found, Refusal

_MINUTE: Final = len("2026-11-26T16:04")
_NOBODY: Final = (PollReason.CONNECT, PollReason.TIMEOUT)  # answers
_TOLD: Final = 5  # addresses that are nothing to watch


def find(address: str, settings: Settings) -> Found:
    """Look for sources through the guard, as the daemon would poll them."""
    from crawler.records import LOOK
    from crawler.runtime import run
    from rasid.clock import wall_clock
    from rasid.discovery import discover
    from rasid.progress import progress
    from scheduler import open_crawler

    async def search() -> Found:
        with progress("looking") as looked:
            async with open_crawler(settings) as crawler:

                async def look(url: str) -> PollResult:
                    source, state = Source("discover", "discover", url, LOOK), SourceState("")
                    result = await crawler.poll(source, state, unconditional=True)
                    looked(1)
                    return result

                return await discover(address, look, wall_clock())

    typed(address)
    return run(search)


def typed(address: str) -> Sequence[str]:
    """Return the addresses that are meant; whoever typed none of them is told so."""
    from rasid.discovery import NoAddressError, addresses

    try:
        return addresses(address)
    except NoAddressError as error:
        raise click.UsageError(f"{address!r} {error}") from error


def watched(config: Config) -> Mapping[str, str]:
    """Return the ids of sources by the keys of their addresses."""
    from rasid.discovery.watched import source_key

    return {source_key(source.url): source.id for source in config.sources.values()}


def row(one: Candidate, known: Mapping[str, str]) -> dict[str, object]:
    """Return a candidate for programs."""
    from rasid.discovery.adding import selectors
    from rasid.discovery.watched import source_key

    return {
        "url": one.url,
        "kind": one.kind,
        "title": one.title,
        "items": one.items,
        "newest": rfc3339(one.newest),
        "language": one.language,
        "found": one.sign,
        "score": one.score,
        "why": list(one.why),
        "repeats": one.repeats,
        "watched": known.get(source_key(one.url), ""),
        "select": selectors(one.select) if one.select else None,
        "titles": list(one.titles),
    }


def described(one: Candidate, known: Mapping[str, str]) -> str:
    """Return a candidate for people, on three lines."""
    from rasid.discovery.watched import source_key

    newest = (rfc3339(one.newest) or "")[:_MINUTE].replace("T", " ")
    facts = [one.kind, one.language, counted(one.items, "item"), newest and f"newest {newest} UTC"]
    source = known.get(source_key(one.url))
    reasons = [*([f"watched already, as {source}"] if source else []), *one.why]
    title = show(one.title) or "(no title)"
    return (
        f"{show(one.url)}\n"
        f"    {title[:100]} ({', '.join(filter(None, facts))})\n"
        f"    {one.score}: {show('; '.join(reasons))}"
    )


def tell_rest(found: Found) -> None:
    """Say on standard error what was asked for in vain, and what was not."""
    vain = [one for one in found.refusals if one.sign is not Sign.GUESSED]
    if found.page is not None:  # over http where nobody answered over https
        vain = [one for one in vain if one.sign is not Sign.GIVEN]
    for one in vain[:_TOLD]:
        click.echo(f"not usable: {show(one.url)}: {one.reason}: {show(one.detail)}", err=True)
    if len(vain) > _TOLD:
        click.echo(f"not usable: {len(vain) - _TOLD} more", err=True)
    if found.untried:
        many = counted(len(found.untried), "further link")
        click.echo(f"{many} not looked at: name one to look at it alone", err=True)


def nothing(address: str, found: Found) -> str:
    """Say why a search found nothing, and what a person can do."""
    if found.page is None:
        start = _start(found)
        return f"{address}: {start.reason}: {show(start.detail)}{_advice(start, found)}"
    linked = sum(one.sign is not Sign.GUESSED for one in found.refusals)
    lies = f", and {counted(linked, 'link')} that looked like one cannot be used" if linked else ""
    return (
        f"{address}: no feed found{lies}. The page repeats nothing that looks like news either: "
        "if scripts fill it, it has none. Name a feed, a section or a channel if you know one"
    )


def _start(found: Found) -> Refusal:
    """Return what the address itself answers: of https and http what was reached, if either."""
    given = [one for one in found.refusals if one.sign is Sign.GIVEN]
    return next((one for one in given if one.reason not in _NOBODY), given[0])


def _advice(start: Refusal, found: Found) -> str:
    """Say what else was tried behind a page that refuses us."""
    tried = sum(one.sign is Sign.GUESSED for one in found.refusals)
    if start.walled and tried:
        return f"; {counted(tried, 'request')} for feeds came to nothing either"
    return ""
