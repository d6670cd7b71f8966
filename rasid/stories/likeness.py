"""How like a story an item is: by its words and, where a model told it, by its meaning.

Texts of one topic point nearly the same way, and long ones more so than headlines: meaning
alone joins only what is very near, and less is asked where words agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rasid.stories.story import Story, Vector

ACROSS: Final = 0.28  # cosine by what crosses languages
_SHORT, _LONG = (7, 0.11), (36, 0.42)  # words of an item that say something: cosine
_MEANT_SHORT, _MEANT_LONG = (8, 0.42), (32, 1.12)  # the same by meaning, where words agree
_MEANT_ACROSS: Final = 0.5
FEW: Final = 4  # words of an item: fewer have a topic, and tell no event
_BY_WORDS: Final = 0.3  # what words have in likeness; meaning has the rest
_MOST_ACROSS: Final = 2.0


def alike(story: Story, item: Vector, meant: float | None) -> float:
    """Return how like a story an item is, 1 what is needed; `meant`: the cosine by meaning."""
    words, has = len(item.words), story.has(item)
    asked = needed(words) if has else ACROSS
    told = story.likeness(item) / asked
    if meant is None:
        return told
    if not has:
        return across(told, meant)
    return within(told, story.resemblance(item) / asked, meant, words)


def needed(words: int) -> float:
    """Return the cosine that makes an item part of a story: more words are alike by chance."""
    return _between(_SHORT, _LONG, words)


def within(told: float, alike: float, meant: float, words: int) -> float:
    """Return how like a story an item in its language is, 1 what is needed.

    `told`: by the words that tell a story, `alike`: by whatever words they share, both in what
    is needed; `meant`: the cosine by meaning.
    """
    share = _BY_WORDS * min(alike, 1.0)
    asked = _between(_MEANT_SHORT, _MEANT_LONG, words)
    return max(told, share + (1 - _BY_WORDS) * meant / asked)


def across(told: float, meant: float) -> float:
    """Return how like a story in another language an item is; arguments as in `within`.

    Names and numbers alone do not join what means something else.
    """
    share = _BY_WORDS * min(told, _MOST_ACROSS)
    return share + (1 - _BY_WORDS) * meant / _MEANT_ACROSS


def _between(short: tuple[int, float], long: tuple[int, float], words: int) -> float:
    (few, low), (many, high) = short, long
    share = min(1.0, max(0.0, (words - few) / (many - few)))
    return low + share * (high - low)
