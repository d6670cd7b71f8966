"""Numbers as they are said."""

from __future__ import annotations

import pytest

from rasid.counted import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 alerts"), (1, "1 alert"), (2, "2 alerts"), (1000, "1000 alerts")]
)
def test_one_is_not_many(count: int, said: str) -> None:
    assert counted(count, "alert") == said
