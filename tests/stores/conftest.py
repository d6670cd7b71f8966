"""What every backend must do. A further backend joins `BACKENDS` and changes nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from contract import BACKENDS, Hands

from rasid.protocols import Storage
from storage import open_storage


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=list(BACKENDS))
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Hands
) -> AsyncIterator[Storage]:
    opened = open_storage(BACKENDS[request.param](tmp_path), clock)
    yield opened
    await opened.close()
