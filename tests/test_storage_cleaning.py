"""What stores clean of text that no database holds, and what they leave as it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum

import pytest

from rasid.models import Alias, AliasKind, SourceState, Validators
from storage.cleaning import cleaned

BAD, GOOD = "a\0b\ud800c", "a\ufffdb\ufffdc"


class Colour(StrEnum):
    RED = "red"


class Number(Enum):
    ONE = 1


@dataclass(frozen=True, slots=True)
class Whole:
    text: str = "x"
    tags: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    inner: Validators = field(default_factory=Validators)
    facts: dict[str, str] = field(default_factory=dict)
    colour: Colour = Colour.RED
    at: int | None = None


@pytest.mark.parametrize(
    "value",
    [
        "plain", "غارة", "", 7, None, 1.5, b"\0", Colour.RED, Number.ONE, (), [], frozenset(), {},
        ("a", ("b", 1)), ["a"], {"a": ["b"]}, Whole(tags=("a", "b")), Whole(facts={"a": "ب"}),
        Alias(AliasKind.LINK, "o", "h"), SourceState("s", "http://x.example/"),
    ],
)  # fmt: skip
def test_what_is_clean_stays_what_it_is(value: object) -> None:
    found = cleaned(value)
    assert found == value
    assert type(found) is type(value)
    if isinstance(value, str | Whole | Alias | SourceState):
        assert found is value  # nothing is made anew for what needs it not


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        (BAD, GOOD),
        ((BAD, 1), (GOOD, 1)),
        ([BAD], [GOOD]),
        (frozenset({BAD}), frozenset({GOOD})),
        ({BAD: {BAD: [BAD]}}, {GOOD: {GOOD: [GOOD]}}),
        (Whole(text=BAD), Whole(text=GOOD)),
        (Whole(tags=("a", BAD)), Whole(tags=("a", GOOD))),
        (Whole(words=frozenset({BAD})), Whole(words=frozenset({GOOD}))),
        (Whole(inner=Validators(BAD, "")), Whole(inner=Validators(GOOD, ""))),
        (Whole(facts={BAD: BAD}), Whole(facts={GOOD: GOOD})),
        ([Whole(at=3, text=BAD)], [Whole(at=3, text=GOOD)]),
    ],
)
def test_every_text_inside_is_cleaned(dirty: object, clean: object) -> None:
    assert cleaned(dirty) == clean


def test_what_is_cleaned_is_another_and_the_first_is_left() -> None:
    first = replace(Whole(), text=BAD)
    assert cleaned(first) is not first
    assert first.text == BAD
