"""What is remembered of pieces of texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from rasid.rules.memory import NOTHING, Found, Memory, Piece

STRIKE, HIT = 7, 9
PIECES = {
    "none": Piece((), 1),
    "strike": Piece((Found(STRIKE, 0, 0, 0, 6, "strike"),), 1),
    "both": Piece((Found(STRIKE, 0, 0, 0, 4, "both"), Found(HIT, 0, 0, 0, 4, "both")), 1),
    "two-words": Piece((Found(HIT, 1, 1, 4, 9, "words"),), 2),
    "—": Piece((), 0),
    "x" * 50: Piece((), 1),
    "/" * 96: Piece((), 3),
    "qqab," * 30: Piece((Found(HIT, 0, 0, 0, 4, "qqab"),) * 30, 30),
}


class Learner:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> Piece:
        self.asked.append(text)
        return PIECES.get(text) or Piece((Found(int(text), 0, 0, 0, 1, text),) * 2, 1)


def test_a_piece_is_learnt_once_and_numbered_by_what_it_is() -> None:
    learner = Learner()
    memory = Memory(learner)
    texts = ["none", "strike", "both", "two-words", "—"]
    numbers = [[memory[text] for text in texts] for _ in range(2)]
    assert numbers[0] == numbers[1] == [NOTHING, STRIKE, -2, -3, -4]
    assert learner.asked == texts
    assert memory.found("strike", STRIKE) == PIECES["strike"].found
    assert [memory.pieces[number] for number in (-2, -3)] == [PIECES["both"], PIECES["two-words"]]
    assert memory.found("both", -2) == PIECES["both"].found
    assert memory.weight == 9  # five pieces, one kept as well, three hits of two others


def test_R10_long_pieces_are_not_kept_but_weigh() -> None:
    learner = Learner()
    memory = Memory(learner)
    assert memory["x" * 50] == NOTHING
    assert memory.weight == 0
    assert memory.pieces[memory["/" * 96]].size == 3
    assert memory.weight == 2
    assert memory.pieces[memory["qqab," * 30]].size == 30
    assert memory.weight == 2 + 30 + 3  # hits, and letters by 48
    assert len(memory) == 0


def test_threads_that_learn_at_once_get_numbers_of_their_own() -> None:
    memory = Memory(Learner())
    texts = [str(number) for number in range(2_000)]

    def read(first: int) -> list[tuple[str, int]]:
        return [(text, memory[text]) for text in texts[first:] + texts[:first]]

    with ThreadPoolExecutor(4) as pool:
        for numbered in pool.map(read, range(0, 2_000, 500)):
            assert all(memory.pieces[number].found[0].form == text for text, number in numbered)
