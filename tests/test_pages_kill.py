"""Q01: the process dies between a poll and a page of it, and the next one makes up for it."""

from __future__ import annotations

import json
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

PLACES = ("after_commit:2", "after_page:1", "before_commit:3", "after_commit:3")

# One transaction for the first poll, one for the second, one for the page. Each place has a
# process of its own, forked from one that loaded everything.
RUN = """
import asyncio, json, multiprocessing, sys
from pathlib import Path
from newsroom import item, make_newsroom
from rasid import failpoint
from rasid.stories.features import warm_up
from test_pages import PAGED, QUIET, Desk

async def work(folder):
    desk = Desk(make_newsroom(Path(folder), rules=PAGED))
    await desk.seed()
    await desk.room.show("front", [item(1, QUIET)])
    await desk.pages.read_due()

def main(place, folder):
    failpoint.arm(place)
    asyncio.run(work(folder))

warm_up()
ended = {}
for place, folder in json.loads(sys.argv[1]).items():
    process = multiprocessing.get_context("fork").Process(target=main, args=(place, folder))
    process.start()
    process.join(60)
    ended[place] = process.exitcode
    process.kill()
print(json.dumps(ended))
"""


@pytest.fixture(scope="module")
def died(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int | None, Path, str]]:
    """Die at each place; return how it ended, its folder and what was said."""
    folders = {place: tmp_path_factory.mktemp("place") for place in PLACES}
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps({place: str(at) for place, at in folders.items()})],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    codes = json.loads(done.stdout)
    return {place: (codes[place], at, done.stderr) for place, at in folders.items()}


@pytest.mark.parametrize("place", PLACES)
async def test_Q01_a_death_between_poll_and_page_loses_and_doubles_nothing(
    died: dict[str, tuple[int | None, Path, str]], place: str
) -> None:
    code, folder, said = died[place]
    assert code == -signal.SIGKILL, said
    desk = Desk(make_newsroom(folder, rules=PAGED))
    desk.room.clock.forward(HOUR)
    assert len(await desk.stored()) == 1
    await desk.pages.read_due()
    assert (await desk.page("1")).state is PageState.READ
    assert await desk.room.alerts() == [QUIET] * 2  # two URLs
    assert desk.asked == ([] if place == "after_commit:3" else ["1"])
    await desk.room.storage.close()
