"""Q01: the process dies between a poll and a page of it, and the next one makes up for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import make_newsroom
from test_pages import PAGED, QUIET, Desk

from rasid.models import PageState
from rasid.settings import HOUR

# One transaction for the first poll, one for the second, one for the page.
RUN = """
import asyncio, sys
from pathlib import Path
from newsroom import item, make_newsroom
from test_pages import PAGED, QUIET, Desk

async def main():
    desk = Desk(make_newsroom(Path(sys.argv[1]), rules=PAGED))
    await desk.seed()
    await desk.room.show("front", [item(1, QUIET)])
    await desk.pages.read_due()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "place", ["after_commit:2", "after_page:1", "before_commit:3", "after_commit:3"]
)
async def test_Q01_a_death_between_poll_and_page_loses_and_doubles_nothing(
    tmp_path: Path, place: str
) -> None:
    environment = {
        **os.environ,
        "RASID_FAILPOINT": place,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
    }
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    desk = Desk(make_newsroom(tmp_path, rules=PAGED))
    desk.room.clock.forward(HOUR)
    assert len(await desk.stored()) == 1
    await desk.pages.read_due()
    assert (await desk.page("1")).state is PageState.READ
    assert await desk.room.alerts() == [QUIET] * 2  # two URLs
    assert desk.asked == ([] if place == "after_commit:3" else ["1"])
    await desk.room.storage.close()
