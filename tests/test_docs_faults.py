"""docs/faults.md claims what the names of the tests show, no more and no less."""

from __future__ import annotations

import pytest
from faults import PAGE, Claim, State, claims, collected, differences, named


def test_the_page_claims_what_is_tested() -> None:
    claimed = claims(PAGE.read_text(encoding="utf-8"))
    assert len(claimed) >= 142, "rows that cannot be read"
    assert differences(claimed, collected()) == []


@pytest.mark.parametrize(
    ("state", "tests", "said"),
    [
        (State.COVERED, {}, "S-01 is covered on the page and has no test"),
        (State.POSTGRES_LATER, {}, "S-01 is PostgreSQL later on the page and has no test"),
        (State.LATER, {"S-01": ["a.py::b"]}, "S-01 is for later on the page and has a.py::b"),
        ("done", {"S-01": ["a.py::b"]}, "S-01 has a state that is none: done"),
    ],
)
def test_a_wrong_claim_is_seen(state: str, tests: dict[str, list[str]], said: str) -> None:
    assert differences([Claim("S-01", state)], tests) == [said]


def test_a_test_without_a_row_and_a_row_that_stands_twice_are_seen() -> None:
    row = Claim("S-01", State.LATER)
    assert differences([row, row], {"S-99": ["a.py::b"]}) == [
        "S-01 stands 2 times on the page",
        "S-99 is on no row of the page: a.py::b",
    ]


def test_only_tests_that_always_run_count() -> None:
    source = """
def test_S01_S02_two_at_once(): ...
async def test_P03_one(): ...
@pytest.mark.skipif(True, reason="")
def test_D05_sometimes(): ...
def test_about_S04_(): ...
def helper_Q01_(): ...
"""
    assert [fault for fault, _ in named(source)] == ["S-01", "S-02", "P-03"]
