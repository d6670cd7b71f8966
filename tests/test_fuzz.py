"""What must hold of all input (`fuzz.targets`), tried on inputs that nobody would write."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.seeds import CORPUS, TOKENS, dictionary, seeds
from fuzz.targets import TARGETS
from rasid.text.fold import fold
from rasid.text.tokens import tokenize

EXAMPLES = {"feed": 150, "sitemap": 100, "page": 60, "telegram": 60}
OTHERS = 300


def edits(name: str) -> st.SearchStrategy[list[tuple[float, float, bytes]]]:
    """Draw edits: from which part of an input to which, and what stands there instead."""
    pieces = st.sampled_from([token.encode() for token in TOKENS[name]])
    put = st.one_of(pieces, pieces, st.binary(max_size=4))
    return st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.2), put), max_size=12)


def edited(body: bytes, changes: list[tuple[float, float, bytes]]) -> bytes:
    for where, length, piece in changes:
        start = int(where * len(body))
        # every other edit only inserts
        end = start + int(length * len(body)) if length > 0.1 else start
        body = body[:start] + piece + body[end:]
    return body


@pytest.mark.parametrize("name", TARGETS)
def test_P06_no_edited_input_breaks_what_holds_of_all(name: str) -> None:
    bodies = [path.read_bytes()[:20_000] for path in seeds(name)]
    assert len(bodies) >= 3, "too few inputs to begin with"
    target = TARGETS[name]

    @given(st.sampled_from(bodies), edits(name))
    @settings(
        max_examples=EXAMPLES.get(name, OTHERS),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def holds(body: bytes, changes: list[tuple[float, float, bytes]]) -> None:
        target(edited(body, changes))

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_P06_what_was_once_found_stays_mended(name: str) -> None:
    tried = [TARGETS[name](path.read_bytes()) for path in seeds(name)]  # raises what breaks
    assert len(tried) >= 3, "too few inputs"


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_P13_any_text_is_folded_within_itself(text: str) -> None:
    TARGETS["text"](text.encode("utf-8", "replace"))
    assert all(0 <= one.start < one.end <= len(text) for one in tokenize(fold(text)))


def test_every_target_has_inputs_and_pieces_of_its_own() -> None:
    assert {path.name for path in CORPUS.iterdir()} == TARGETS.keys() == TOKENS.keys()
    for name in TARGETS:
        lines = dictionary(name).splitlines()
        assert len(lines) == len(TOKENS[name])
        assert all(line.startswith('"\\x') for line in lines)
