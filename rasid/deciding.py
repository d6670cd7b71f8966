"""What each item of a poll is: decided from what the store knows, before anything is written.

The same function decides outside the transaction, to say what must be analysed, and inside it,
to say what is written. So both agree unless the store or the rules changed in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rasid.ids import new_id
from rasid.models import Alias, Decision, Item, ParsedItem
from rasid.protocols import Reading
from rasid.settings import Source
from rasid.world import World


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of a poll with all that identifies it."""

    parsed: ParsedItem
    aliases: tuple[Alias, ...]  # that it is given
    content_hash: str
    sought: tuple[Alias, ...] = ()  # aliases and former ones, by which it is looked up


@dataclass(frozen=True, slots=True)
class Poll:
    """Whose items are decided, by which rules, and when."""

    source: Source
    seeding: bool
    world: World
    now: int


@dataclass(frozen=True, slots=True)
class Known:
    """A stored item and the content hashes of all its revisions.

    Two feeds of an outlet may show one item with summaries of different length: a content
    that was there before is no revision, or the two would revise each other for ever.
    """

    item: Item
    hashes: frozenset[str]


@dataclass(slots=True)
class Memory:
    """What the store knows of some candidates: items by their names, and which were shown.

    A name stays with its first item, as it does in the store; an item has one state, by
    whichever of its names it is found.
    """

    names: dict[Alias, str]
    items: dict[str, Known]
    shown: set[str]  # by this source, in earlier polls

    def find(self, candidate: Candidate) -> Known | None:
        """Return the item that a candidate is, by its strongest name that is known."""
        found = next((self.names[one] for one in candidate.sought if one in self.names), None)
        return None if found is None else self.items[found]

    def put(self, known: Known, names: Iterable[Alias]) -> None:
        """Take over an item as it is after a candidate, and that it was shown."""
        self.items[known.item.id] = known
        self.shown.add(known.item.id)
        for name in names:
            self.names.setdefault(name, known.item.id)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a candidate is, and the item before (None: there is none) and after it."""

    candidate: Candidate
    decision: Decision
    before: Known | None
    after: Known

    @property
    def revises(self) -> bool:
        """Whether a stored item gets a further revision."""
        return self.before is not None and self.after.item.revision > self.before.item.revision


def remember(view: Reading, candidates: Iterable[Candidate], source: str) -> Memory:
    """Return what the store knows of the candidates."""
    ids = view.find_items([alias for one in candidates for alias in one.sought])
    items = view.items_by_id(set(ids.values()))
    hashes = view.content_hashes(items)
    return Memory(
        {alias: item for alias, item in ids.items() if item in items},
        {name: Known(item, hashes.get(name, frozenset())) for name, item in items.items()},
        view.seen_by(source, items),
    )


def decide(
    candidate: Candidate,
    known: Known | None,
    *,
    seeding: bool,
    shown_before: bool,
    now: int,
    too_old: int,
) -> Decision:
    """Say what an item of a poll is.

    `shown_before`: this source has shown it in an earlier poll. An item that only seeding
    polls have seen is NEW to a source past seeding that shows it for the first time.
    """
    if known is not None:
        swallowed = known.item.only_seeded and not seeding and not shown_before
        if not swallowed:
            changed = candidate.content_hash not in known.hashes
            return Decision.REVISED if changed else Decision.KNOWN
    if seeding:
        return Decision.SEEDED
    published = candidate.parsed.published
    if published is not None and not candidate.parsed.date_only and published < now - too_old:
        return Decision.TOO_OLD
    return Decision.NEW


def decide_all(chunk: Sequence[Candidate], memory: Memory, poll: Poll) -> list[Decided]:
    """Decide candidates one after the other, each in the light of those before it."""
    memory = Memory(dict(memory.names), dict(memory.items), set(memory.shown))
    decided = []
    for candidate in chunk:
        before = memory.find(candidate)
        decision = decide(
            candidate,
            before,
            seeding=poll.seeding,
            shown_before=before is not None and before.item.id in memory.shown,
            now=poll.now,
            too_old=poll.world.config.settings.too_old,
        )
        after = _after(candidate, before, decision, poll)
        memory.put(after, candidate.aliases)
        decided.append(Decided(candidate, decision, before, after))
    return decided


def _after(candidate: Candidate, before: Known | None, decision: Decision, poll: Poll) -> Known:
    if before is None:
        return Known(_new(candidate, decision, poll), frozenset([candidate.content_hash]))
    if decision is Decision.KNOWN:
        return before
    item = before.item
    if decision is not Decision.REVISED:  # a source past seeding shows it
        item = replace(item, only_seeded=False)
    if candidate.content_hash in before.hashes:
        return Known(item, before.hashes)
    item = replace(item, revision=item.revision + 1)
    return Known(_with_words(item, candidate, poll), before.hashes | {candidate.content_hash})


def _new(candidate: Candidate, decision: Decision, poll: Poll) -> Item:
    item = Item(
        id=new_id(poll.now),
        source=poll.source.id,
        outlet=poll.world.config.outlet_of(poll.source).id,
        guid="",
        link="",
        title="",
        summary="",
        text="",
        author="",
        tags=(),
        language="",
        published=None,
        first_seen=poll.now,
        revision=1,
        content_hash="",
        decision=decision,
        only_seeded=decision is Decision.SEEDED,
    )
    return _with_words(item, candidate, poll)


def _with_words(item: Item, candidate: Candidate, poll: Poll) -> Item:
    """Return an item with what its outlet says now.

    What its page gave stays: the text, and what the feed has not.
    """
    parsed = candidate.parsed
    title, published = parsed.title, parsed.published
    if item.paged:
        title = title or item.title
        published = item.published if published is None else published
    return replace(
        item,
        guid=parsed.guid,
        link=parsed.link,
        title=title,
        summary=parsed.summary,
        text=item.text if item.paged else parsed.text,
        author=parsed.author,
        tags=parsed.tags,
        language=parsed.language or poll.source.language,
        published=published,
        content_hash=candidate.content_hash,
    )
