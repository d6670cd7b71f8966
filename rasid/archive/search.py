"""Search: what a rule with this query would match among stored items, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rasid.archive.wanted import wanted
from rasid.config.scopes import scope_of
from rasid.errors import RasidError
from rasid.items.documents import document
from rasid.models import Item, Match, Page
from rasid.places.lookup import Fault, look_up
from rasid.places.model import Atlas, Gazetteer
from rasid.places.own import with_own
from rasid.protocols import Storage, Wanted
from rasid.rules import RuleIndex, compile_rules, problems
from rasid.settings import Condition, Config, Rule, Scope
from rasid.text.dictionary import Dictionaries

_NAME: Final = "search"
_PAGE: Final = 200  # items looked at together


class SearchError(RasidError):
    """A query that is no rule; its text says every mistake."""


@dataclass(frozen=True, slots=True)
class Search:
    """A query, compiled as a rule is, and what items must be filed under to match it."""

    index: RuleIndex
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that matches."""

    item: Item
    match: Match


def compile_search(
    query: str,
    config: Config,
    cache_dir: Path | None = None,
    *,
    where: Sequence[str] = (),
    atlas: Atlas | None = None,
) -> Search:
    """Compile a query; `$name` is a list of the configuration. Raises `SearchError`.

    `where`: names of places as in a rule, looked up in `atlas`; with them the query may be "".
    """
    scopes = _scopes(where, with_own(atlas.open(), config.places)) if where and atlas else ()
    condition = Condition() if scopes and not query.strip() else _parsed(query, config)
    rule = Rule(_NAME, condition, (), where=scopes)
    alone = replace(config, rules={_NAME: rule}, version=f"search {query}")
    if found := problems(alone):
        raise SearchError("\n".join(f"{one.message} ({one.hint})" for one in found))
    index = compile_rules(alone, dictionaries=Dictionaries(cache_dir), atlas=atlas)
    return Search(index, wanted(index.program, index.plan(_NAME).node))


def _parsed(query: str, config: Config) -> Condition:
    from rasid.rules.query import parse_query
    from rasid.rules.query_errors import QueryError

    try:
        part = parse_query(query, config.lists)
    except QueryError as error:
        raise SearchError("\n".join(_said(*mistake) for mistake in error.mistakes)) from error
    return part if isinstance(part, Condition) else Condition(all=(part,))


def _scopes(names: Sequence[str], gazetteer: Gazetteer) -> tuple[Scope, ...]:
    found = [look_up(name, gazetteer) for name in names]
    if faults := [one for one in found if isinstance(one, Fault)]:
        raise SearchError("\n".join(f"where: {one.message} ({one.hint})" for one in faults))
    return tuple(scope_of(place) for place in found if not isinstance(place, Fault))


async def search(
    storage: Storage, query: Search, *, since: int | None = None, limit: int | None = None
) -> AsyncIterator[Hit]:
    """Return the items that match, newest first, at most `limit`. Raises `StorageError`."""
    count = 0
    async for page in pages(storage, query.wanted, since=since):
        for hit in await asyncio.to_thread(_matching, query.index, page.items):
            yield hit
            count += 1
            if limit is not None and count >= limit:
                return


async def pages(
    storage: Storage, wanted: Wanted = (), *, since: int | None = None, size: int = _PAGE
) -> AsyncIterator[Page]:
    """Return the archive in pages, newest first: never more of it in memory than one."""
    before = None
    while True:
        page = await _page(storage, wanted, since, before, size)
        yield page
        before = page.before
        if before is None:
            return


async def _page(
    storage: Storage,
    wanted: Wanted,
    since: int | None,
    before: tuple[int, str] | None,
    size: int,
) -> Page:
    return await storage.read(
        lambda view: view.candidates(wanted, since=since, before=before, limit=size)
    )


async def file_all(storage: Storage, progress: Callable[[int], None]) -> None:
    """File for search what is not yet; `progress` hears how many were. Raises `StorageError`."""
    if await storage.read(lambda view: view.has_unfiled()):
        while count := await storage.write(lambda tx: tx.file_items()):
            progress(count)


def _matching(index: RuleIndex, items: tuple[Item, ...]) -> list[Hit]:
    found = ((item, index.match(document(item), item.first_seen)) for item in items)
    return [Hit(item, matches[0]) for item, matches in found if matches]


def _said(at: int, message: str, hint: str) -> str:
    return f"column {at + 1}: {message}" + (f" ({hint})" if hint else "")
