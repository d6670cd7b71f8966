"""A week of a desk of three, of which one day is a crisis, in minutes.

Arabic items of 11 outlets (SaudiNewsNet) come spread over seven days, those of one story within
hours of one another, and beside them what `bench/week_script.py` tells. Polling, ingest,
stories, gates, delivery, silences, escalation and shift reports are the daemon's own, on a real
database, with time as an argument; only the network is not there. Each message that the three
of `bench/week_rules.yaml` get is kept.

    python -m bench.week [--seed N] [--crisis 2026-11-24] [--messages [RECEIVER]]

Fails when a match is neither in a message nor visibly kept back.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench import stories_arabic, week_script
from bench.places import RESULTS
from bench.week_account import Week, lost, printed, table
from bench.week_people import Desk, Mailbag, since_midnight
from bench.week_press import Press, Publication, configuration
from rasid.alerts.handover.ack_links import links_of
from rasid.config.environment import Place, database
from rasid.models import Document
from rasid.notifiers import open_notifier
from rasid.parts import Parts
from rasid.settings import DAY, HOUR, MINUTE, SECOND
from rasid.stories.told import assigned
from scheduler import build_world
from storage import open_storage

ZONE: Final = ZoneInfo("Asia/Aden")
OFFSET: Final = 3 * HOUR
RULES: Final = Path(__file__).with_name("week_rules.yaml")
DAYS, BEFORE = 7, 3  # of them before the crisis
SECRETS: Final = {
    "BOT_TOKEN": "123456789:abcdefghijklmnopqrstuvwxyz012345678", "DAY_CHAT": "-1001",
    "CHIEF_CHAT": "-1002", "MAIL_USER": "desk", "MAIL_PASSWORD": "none",
}  # fmt: skip
# how much is published in an hour of the day
_HOURS: Final = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 7, 7, 6, 6, 6, 6, 6, 6, 6, 5, 4, 3)


@dataclass
class Clock:
    """The time of the week."""

    at: int

    def __call__(self) -> int:
        """Return it."""
        return self.at


def of_corpus(start: int, chance: random.Random) -> list[Publication]:
    """Return the items of the corpus over a week: stories at random, their items soon after."""
    items = stories_arabic.read()
    stories: dict[str, int] = {}
    found = []
    documents = stories_arabic.documents(items, stories_arabic.LEAD)
    for one, (document, place) in zip(items, assigned(documents), strict=True):
        if place.story not in stories:
            stories[place.story] = start + _when(chance)
            at = stories[place.story]
        else:
            at = stories[place.story] + int(chance.expovariate(1 / (90 * MINUTE)))
        found.append(_publication(min(at, start + DAYS * DAY - HOUR), one, document))
    return found


def _when(chance: random.Random) -> int:
    hour = chance.choices(range(24), _HOURS)[0]
    return chance.randrange(DAYS) * DAY + hour * HOUR + chance.randrange(HOUR)


def _publication(at: int, one: Any, document: Document) -> Publication:
    return Publication(at, one["source"], f"c{document.id}", one["title"], document.text)


async def lived(folder: Path, crisis: datetime, seed: int) -> Week:
    """Live the week; return what each of the three got of it."""
    midnight = int(crisis.timestamp()) * SECOND
    start = midnight - BEFORE * DAY
    shown = [*of_corpus(start, random.Random(seed)), *week_script.publications(midnight)]
    outlets = {one.outlet: one.outlet for one in shown} | week_script.OUTLETS
    place = Place(folder / "rules.yaml", folder)
    written = RULES.read_text(encoding="utf-8") + configuration(outlets)
    place.config.write_text(written, encoding="utf-8")
    clock = Clock(start)
    press = Press(clock, shown, week_script.withdrawals(midnight), week_script.outages(midnight))
    storage = open_storage(database(place), clock)
    try:
        world = build_world(place, "week")
        bag = Mailbag(clock, open_notifier())
        parts = Parts(
            place, storage, press, world, read_world=partial(build_world, place, "week"),
            clock=clock, notifier=bag, ack_links=await storage.write(links_of),
        )  # fmt: skip
        desk = Desk(storage, bag, lambda at: since_midnight(at, OFFSET))
        await _live(parts, desk, clock, midnight + int(56.5 * HOUR))
        alerts = await storage.read(lambda view: view.alerts(limit=1_000_000))
        states = await storage.read(lambda view: view.source_states())
        gaps = sum(one.possible_gaps for one in states.values())
        told = {one.id: one for one in alerts}
        return Week(world, shown, press.served, gaps, bag.received, told, start, ZONE)
    finally:
        await storage.close()


async def _live(parts: Parts, desk: Desk, clock: Clock, silence_at: int) -> None:
    """Do minute by minute what the daemon does in one."""
    ends = clock.at + DAYS * DAY + 8 * HOUR + 30 * MINUTE  # until the last list is out
    await parts.watch.sync(at_once=True)
    while clock.at < ends:
        clock.at += MINUTE
        await parts.watch.start_due()
        while running := list(parts.watch._running.values()):
            await asyncio.wait(running)
            await parts.watch.start_due()
        if clock.at - MINUTE < silence_at <= clock.at:
            await desk.silence(clock.at, 6)
        await desk.look(clock.at)
        await parts.tell()
        await parts.outbox.round()


def main() -> None:
    """Print the table, and the messages where they are asked for; exit 1 for what is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--crisis", default="2026-11-24", metavar="DATE")
    parser.add_argument("--messages", nargs="?", const="", metavar="RECEIVER")
    given = parser.parse_args()
    if not stories_arabic.CORPUS.exists():
        print(f"left out: {stories_arabic.CORPUS.name} is not there")
        return
    logging.getLogger("rasid").setLevel(logging.ERROR)
    os.environ.update(SECRETS)
    crisis = datetime.fromisoformat(given.crisis).replace(tzinfo=ZONE)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        cache = RESULTS / "gazetteer"  # compiled once
        cache.mkdir(parents=True, exist_ok=True)
        (Path(name) / "cache").symlink_to(cache)
        week = asyncio.run(lived(Path(name), crisis, given.seed))
    if given.messages is not None:
        print("\n".join(printed(week, given.messages)))
    first = crisis - timedelta(days=BEFORE)
    unseen = len(set(week.published) - week.served)
    print(
        f"{len(week.published)} items, a week from {first:%A %d %B}, seed {given.seed}; {unseen} of"
    )
    print(f"them were in no feed when it was polled ({week.gaps} possible gaps are told);")
    print(f"{time.monotonic() - began:.0f} s\n")
    print(table(week))
    if missing := lost(week):
        print("\n".join(f"LOST: {one}" for one in missing))
        sys.exit(1)


if __name__ == "__main__":
    main()
