"""What the ops receiver is told of single sources: once when one breaks, once when it is well."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rasid.counted import counted
from rasid.foreseen import Foreseen
from rasid.health import Health, health, span, words
from rasid.models import SourceState
from rasid.settings import Source

_SHOWN: Final = 10  # sources of one alert


@dataclass(frozen=True, slots=True)
class Change:
    """A source that does otherwise than was told: `now` is how."""

    state: SourceState
    now: Health
    words: str


def changes(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: int, failing_after: int
) -> list[Change]:
    """Return the enabled sources that do otherwise than was told.

    Of one that failed and is silent now, or the other way round, nothing more is told: it is
    the same trouble until it is well. A source that was never polled has nothing to tell.
    """
    found = []
    for source in sources:
        state = states.get(source.id)
        if state is None or not source.enabled or state.paused or state.last_poll_at is None:
            continue
        does = health(state, failing_after)
        if bool(does) is not bool(state.told):
            found.append(Change(state, does, words(state, now, failing_after)))
    return found


def broken_text(found: Sequence[Change]) -> str:
    """Return what is told of sources that broke."""
    verb = "needs" if len(found) == 1 else "need"
    head = f"{counted(len(found), 'source')} {verb} a look (`rasid sources --broken` tells all)"
    return f"{head}: {_listed([f'{one.state.source}: {one.words}' for one in found], '; ')}"


def breaks(before: str, found: Iterable[Change]) -> str:
    """Return what is remembered of sources that fail: when they were well, and gaps until then.

    `before`: what was remembered so far. Of one that is silent there is nothing: it was read.
    """
    known = json.loads(before) if before else {}
    for one in found:
        if one.now in (Health.FAILING, Health.GONE):
            known[one.state.source] = [one.state.last_success_at, one.state.possible_gaps]
        elif not one.now:
            known.pop(one.state.source, None)
    return json.dumps(known, sort_keys=True) if known else ""


def mended_text(found: Sequence[Change], before: str, now: int) -> str:
    """Return what is told of sources that are well again; `before`: see `breaks`."""
    known = json.loads(before) if before else {}
    verb = "is" if len(found) == 1 else "are"
    names = [f"{one.state.source} (was {_was(one, known, now)})" for one in found]
    return f"{counted(len(found), 'source')} {verb} well again: {_listed(names, ', ')}"


def _was(one: Change, known: Mapping[str, tuple[int | None, int]], now: int) -> str:
    since, gaps = known.get(one.state.source, (None, one.state.possible_gaps))
    if since is None:
        return one.state.told
    said = f"{one.state.told} for {span(now - since)}"
    if one.state.possible_gaps > gaps:
        said += "; possible gap: its feed has nothing left of before, look on its site"
    return said


def foreseen_text(found: Sequence[Foreseen]) -> str:
    """Return what is told of what sources need soon."""
    return _listed([f"{', '.join(one.sources[:_SHOWN])}: {one.words}" for one in found], "; ")


def _listed(texts: Sequence[str], glue: str) -> str:
    more = f"{glue}and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return glue.join(texts[:_SHOWN]) + more
