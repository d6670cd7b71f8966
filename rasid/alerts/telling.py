"""Whether a match on a story that was told already is told at once, or in an update. Pure.

A story is told once; what only repeats it waits for an update that lists every item. News
never waits: a new place, a new thing of the rule, "again", a toll that jumps, and whatever
comes two hours after the story was last told, which may be another event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from rasid.alerts.pins import name_of
from rasid.alerts.tolls import toll
from rasid.models import Evidence, Item, Match, Told
from rasid.settings import HOUR
from rasid.stories.concepts import concepts
from rasid.text.fold import fold_text
from rasid.text.tokens import plain_words

LATER: Final = 2 * HOUR
_JUMP, _MORE = 1.5, 3  # a toll jumps: times as many, and so many more
# what says that it happened anew; folded
_AGAIN: Final = frozenset(
    fold_text(
        "again another second renewed fresh مجددا مجددًا ثانية الثانية جديدة جديد أخرى آخر encore "
        "nouvelle nouveau deuxième снова вновь повторный второй yeniden ikinci tekrar دوباره مجدد "
        "otra segunda nuevo nueva erneut zweiter zweite weitere знову повторний другий שוב נוסף"
    ).split()
)
_AGAIN_JOINED: Final = ("再次", "又一", "第二")


class Telling(StrEnum):
    """Why a match on a story is told at once, or that it is not."""

    FIRST = "first"
    NEW_PLACE = "new_place"
    NEW_WORD = "new_word"
    AGAIN = "again"
    TOLL = "toll"
    LATER = "later"
    CORROBORATED = "corroborated"  # it is the report that made enough independent ones
    REVISED = "revised"  # what was told has another title or other numbers
    UPDATE = "update"  # with others, some time after
    WITHDRAWN = "withdrawn"  # what was told is gone
    INHIBITED = "inhibited"  # a sharper alert of another rule was told; with others
    COOLDOWN = "cooldown"  # another story, but the rule told one of the place just now

    @property
    def at_once(self) -> bool:
        """Whether it does not wait."""
        return self not in (Telling.UPDATE, Telling.INHIBITED, Telling.COOLDOWN)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one item adds."""

    places: frozenset[str]
    around: frozenset[str]  # names of what contains the places
    words: frozenset[str]
    toll: int
    again: bool
    is_copy: bool


def heard(item: Item, match: Match, *, is_copy: bool) -> Heard:
    """Return what a match on an item says."""
    text = fold_text(f"{item.title}\n{item.summary}")
    words = plain_words(text)
    found = [one.place for one in match.evidence if one.place]
    return Heard(
        places=frozenset(name_of(one) for one in found),
        around=frozenset(str(name) for one in found for name in one.get("within", ())),
        words=frozenset(_meanings(match.evidence)),
        toll=toll(words),
        again=not _AGAIN.isdisjoint(words) or any(one in text for one in _AGAIN_JOINED),
        is_copy=is_copy,
    )


def telling(told: Told | None, new: Heard, now: int, later_than: int = LATER) -> Telling:
    """Return how a match is told, in the light of what was.

    After `later_than` what says nothing new may be another event.
    """
    if told is None:
        return Telling.FIRST
    if new.places - told.places:
        return Telling.NEW_PLACE
    if new.words - told.words:
        return Telling.NEW_WORD
    if told.toll and new.toll >= max(_JUMP * told.toll, told.toll + _MORE):
        return Telling.TOLL
    if new.again and _is_anew(told, new, now):
        return Telling.AGAIN
    later = now - told.told_at >= later_than and not new.is_copy
    return Telling.LATER if later else Telling.UPDATE


def _is_anew(told: Told, new: Heard, now: int) -> bool:
    """Whether it was not told, or long ago; a word makes another event of a text that it is in."""
    if told.again_at is None:
        return True
    return not new.is_copy and now - told.again_at >= LATER


def after(told: Told, new: Heard, how: Telling, now: int) -> Told:
    """Return what is told of a story when an item was."""
    at_once = how.at_once
    return replace(
        told,
        told_at=now if at_once else told.told_at,
        again_at=now if new.again and at_once else told.again_at,
        places=told.places | new.places | new.around,
        words=told.words | new.words,
        toll=max(told.toll, new.toll),
    )


def _meanings(evidence: Sequence[Evidence]) -> Iterable[str]:
    """Return the rule's words of a match, those that are of one concept as one."""
    known = concepts()
    for one in evidence:
        if one.kind == "word" and one.word:
            words = plain_words(fold_text(one.word))
            of = [known.of_word(word) for word in words] or [()]
            of += [tuple(known.of_text(fold_text(one.word)))]
            yield next((f"={found[0]}" for found in of if found), fold_text(one.word))
