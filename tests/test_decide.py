"""Every rule of `decide`, one case each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from newsroom import START, item

from rasid.deciding import Candidate, Known, decide
from rasid.models import Decision, Item
from rasid.settings import HOUR

STORED = Item(
    id="1", source="front", outlet="paper", guid="", link="", title="", summary="", text="",
    author="", tags=(), language="", published=None, first_seen=START, revision=1,
    content_hash="a", decision=Decision.NEW, only_seeded=False,
)  # fmt: skip
KNOWN = Known(STORED, frozenset({"a", "b"}))
SEEDED = Known(replace(STORED, only_seeded=True), frozenset({"a"}))
FRESH = Candidate(item(1), (), "a")
EDITED = Candidate(item(1), (), "c")
OLD = Candidate(item(1, published=START - 49 * HOUR), (), "a")
DATED = Candidate(item(1, published=START - 49 * HOUR, date_only=True), (), "a")
UNDATED = Candidate(item(1, published=None), (), "a")


@pytest.mark.parametrize(
    ("candidate", "known", "seeding", "shown_before", "expected"),
    [
        (FRESH, None, False, False, Decision.NEW),
        (UNDATED, None, False, False, Decision.NEW),
        (DATED, None, False, False, Decision.NEW),
        (OLD, None, False, False, Decision.TOO_OLD),
        (FRESH, None, True, False, Decision.SEEDED),
        (OLD, None, True, False, Decision.SEEDED),
        (FRESH, KNOWN, False, True, Decision.KNOWN),
        (FRESH, KNOWN, False, False, Decision.KNOWN),
        (FRESH, KNOWN, True, False, Decision.KNOWN),
        (Candidate(item(1), (), "b"), KNOWN, False, True, Decision.KNOWN),
        (EDITED, KNOWN, False, True, Decision.REVISED),
        (EDITED, SEEDED, True, True, Decision.REVISED),
        (FRESH, SEEDED, False, True, Decision.KNOWN),
        (FRESH, SEEDED, False, False, Decision.NEW),
        (OLD, SEEDED, False, False, Decision.TOO_OLD),
        (FRESH, SEEDED, True, False, Decision.KNOWN),
    ],
)
def test_decide(
    candidate: Candidate, known: Known | None, seeding: bool, shown_before: bool, expected: Decision
) -> None:
    decision = decide(
        candidate, known, seeding=seeding, shown_before=shown_before, now=START, too_old=48 * HOUR
    )
    assert decision is expected
