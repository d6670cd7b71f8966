"""What an outlet changed in an item that is told again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasid.notifiers.style import Style, feed, plain

_NUMBER, _NUMBERS = 40, 4  # code points of a pair of numbers, and how many of them
_TITLE: Final = "title"


def numbers(facts: Mapping[str, Any]) -> list[str]:
    """Return the numbers that took the place of others: "12 → 17"."""
    found = facts.get("changes", ())
    pairs = dict.fromkeys(number for one in found for number in one["numbers"])
    return [plain({"n": number}, "n", _NUMBER) for number in list(pairs)[:_NUMBERS]]


def lines(facts: Mapping[str, Any], most: int, style: Style) -> list[str]:
    """Return what a title was, and the numbers that changed; the first change where neither did.

    `most`: code points of what a line shows.
    """
    found = facts.get("changes", ())
    titles = [one for one in found if one["field"] == _TITLE]
    told = style.words.comma.join(numbers(facts)).replace("→", style.words.arrow)
    shown = titles or ([] if told else found[:1])
    was = [feed(one, "before", most) for one in shown]
    now = [told] if told else [feed(one, "after", most) for one in shown if not titles]
    return [
        *(f"{style.words.was}{one}" for one in was if one),
        *(f"{style.words.now}{one}" for one in now if one),
    ]
