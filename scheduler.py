"""Composition root: builds the parts and runs them in one loop, as daemon or for one round."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from rasid import systemd
from rasid.alerts.handover.ack_links import links_of
from rasid.alerts.targets import targets
from rasid.atlas import atlas_of
from rasid.captures.keeping import CaptureFiles
from rasid.clock import wall_clock
from rasid.compiling import Loaded, compiled_beside
from rasid.config.environment import Place, database
from rasid.counted import counted
from rasid.errors import WebError
from rasid.ids import new_id
from rasid.loading import cache_of, compiled
from rasid.lock import sole
from rasid.notifiers import open_notifier
from rasid.parts import Parts
from rasid.polled import Round
from rasid.protocols import Notifier, RobotsCache, Transaction
from rasid.robots import KeptRobots
from rasid.settings import Settings
from rasid.signals import handle_signals, reload_on
from rasid.stories.kept import SHELF
from rasid.world import World
from storage import open_storage

if TYPE_CHECKING:
    from crawler.crawl import ScrapyCrawler
    from rasid.web.server import WebServer

log = logging.getLogger("rasid.scheduler")

DRAIN = 20.0  # seconds to finish what runs before a stop
BEAT = 10  # seconds between heartbeats
TELL = 10  # seconds between looks at what is to be told of Rasid itself
HUBS = 5  # seconds between looks at which hubs are to be asked
UPKEEP = 3600  # seconds between prunings


def build_world(place: Place, salt: str, loaded: Loaded | None = None) -> World:
    """Read and compile the configuration if it is not. Raises `ConfigError` with every problem."""
    config, matcher = loaded or compiled(place, atlas_of(place))
    return World(config, matcher, targets(config, salt))


@asynccontextmanager
async def open_crawler(
    settings: Settings,
    captures: CaptureFiles | None = None,
    robots: RobotsCache | None = None,
    *,
    warm: bool = True,
) -> AsyncIterator[ScrapyCrawler]:
    """Start the crawler behind the guard; must run inside `crawler.runtime.run`.

    `captures`: where what outlets answer is left; `robots`: what hosts said before. `warm`: with
    what parses already started, or the first feed that is not known waits for it.

    Raises `GuardError` when the guard does not hold: then nothing is polled.
    """
    from crawler.crawl import ScrapyCrawler
    from crawler.workers import ParsePool

    pool = ParsePool()
    pages = ParsePool(workers=1)  # its own: feeds do not wait for what pages take
    try:
        if warm:
            await pool.warm_up()
        crawler = await ScrapyCrawler.start(
            settings, pool.parse, read_page=pages.parse, captures=captures, robots=robots
        )
        try:
            yield crawler
        finally:
            await crawler.close()
    finally:
        await asyncio.gather(pool.close(), pages.close())


@asynccontextmanager
async def open_parts(
    place: Place,
    notifier: Notifier | None = None,
    *,
    warm: bool = True,
    loaded: Loaded | None = None,
) -> AsyncIterator[Parts]:
    """Build everything; close it in the reverse order. The caller holds the lock.

    `warm`: see `open_crawler`. `loaded`: what the configuration came to, if it was read.
    """
    SHELF.folder = cache_of(place)
    storage = open_storage(database(place), wall_clock)
    try:
        salt = await storage.write(_salt)
        ack_links = await storage.write(links_of)
        read = partial(build_world, place, salt)
        world = await asyncio.to_thread(build_world, place, salt, loaded)
        captures = CaptureFiles(place.data_dir, world.config.settings, wall_clock)
        robots = KeptRobots(storage, wall_clock)
        async with (
            aclosing(captures),
            aclosing(robots),
            open_crawler(world.config.settings, captures, robots, warm=warm) as crawler,
        ):
            gc.freeze()  # what is loaded by now stays, and need not be looked through again
            yield Parts(
                place,
                storage,
                crawler,
                world,
                read_world=read,
                clock=wall_clock,
                notifier=notifier,
                captures=captures,
                ack_links=ack_links,
                robots=robots,
            )
    finally:
        await storage.close()


def _salt(tx: Transaction) -> str:
    """Return this installation's salt for target ids, made at its first start."""
    if not (salt := tx.meta("target_salt")):
        salt = new_id(wall_clock()) + os.urandom(8).hex()
        tx.set_meta("target_salt", salt)
    return salt


# --- one round ---------------------------------------------------------------------------


def run_once(place: Place, *, every: bool, beside_data: bool = False) -> Round:
    """Poll what is due (or every enabled source), deliver, return.

    `beside_data`: nothing is to be printed to standard output.
    """
    loaded = compiled_beside(place, atlas_of(place))  # while this is the only thread
    from crawler.runtime import run

    async def once() -> Round:
        notifier = open_notifier(beside_data=beside_data)
        # not warm: where nothing has changed there is nothing to parse
        async with open_parts(place, notifier, warm=False, loaded=loaded) as parts:
            return await _round(parts, every)

    with sole(place.data_dir):
        return run(once)


async def _round(parts: Parts, every: bool) -> Round:
    await parts.learn_homes()
    await parts.watch.sync(at_once=True)
    await parts.tell()  # new rules are introduced before there are new items
    sources = parts.world().config.sources
    if every:
        states = await parts.storage.read(lambda view: view.source_states())
        chosen = [s for s in sources.values() if s.enabled and not states[s.id].paused]
    else:
        now = wall_clock()
        due = await parts.storage.read(lambda view: view.due_sources(now, len(sources) + 1))
        chosen = [sources[name] for name in due if name in sources]
    polled = await parts.watch.poll_all(chosen)
    await parts.tell(at_once=True)
    dead = (await parts.outbox.round()).dead  # what polls found does not wait for pages
    if await parts.read_pages():
        dead += (await parts.outbox.round()).dead
    kept = await parts.storage.read(lambda view: view.counts())
    await parts.tell()  # the canary has arrived
    await parts.daily_upkeep()
    await parts.ping()
    return Round(polled, dead + kept["alerts_pending"] - kept["alerts_held"])


# --- the daemon --------------------------------------------------------------------------


def run_daemon(place: Place) -> None:
    """Run until SIGTERM or SIGINT, then drain; a second signal ends at once."""
    from crawler.runtime import run

    async def daemon() -> None:
        async with open_parts(place) as parts, open_web(parts) as web:
            await _serve(parts, web)

    with sole(place.data_dir):
        run(daemon)


@asynccontextmanager
async def open_web(parts: Parts) -> AsyncIterator[WebServer]:
    """Listen as `settings.web` says; nothing does without it. Raises `WebError`."""
    from rasid.web.ack import ack_routes
    from rasid.web.app import web_app
    from rasid.web.callback import callback_routes
    from rasid.web.health import health_routes
    from rasid.web.server import WebServer

    routes = [*health_routes(parts.pulse, parts.storage), *callback_routes(parts.hubs)]
    if parts.ack_links is not None:
        routes += ack_routes(
            parts.storage, parts.ack_links, lambda: parts.world().targets, parts.clock
        )
    web = WebServer(web_app(routes))
    try:
        await web.use(parts.world().config.settings.web)
        yield web
    finally:
        await web.close()


async def _serve(parts: Parts, web: WebServer) -> None:
    stop = asyncio.Event()
    reload = asyncio.Event()
    handle_signals(stop, reload)
    await parts.warm_up()
    await parts.learn_homes()
    await parts.watch.sync()
    jobs = _jobs(parts)
    delivery = asyncio.create_task(parts.outbox.run(), name="delivery")
    reloading = asyncio.create_task(
        reload_on(reload, parts, partial(_listen, parts, web)), name="reload"
    )
    delivery.add_done_callback(lambda _: stop.set())  # a dead outbox must not go unnoticed
    await parts.beat()
    systemd.tell("READY=1")
    config = parts.world().config
    sources, rules = counted(len(config.sources), "source"), counted(len(config.rules), "rule")
    log.info("ready: %s, %s", sources, rules)
    await parts.tick()  # the first of the job comes a second later
    await stop.wait()
    systemd.tell("STOPPING=1")
    log.info("stopping: at most %.0f s for what is under way", DRAIN)
    jobs.pause()
    ends = asyncio.get_running_loop().time() + DRAIN
    await parts.pages.drain()
    await parts.watch.drain(DRAIN * 0.6)
    reloading.cancel()
    if delivery.done():
        delivery.result()
    await parts.outbox.drain(max(1.0, ends - asyncio.get_running_loop().time()))
    delivery.cancel()
    await asyncio.gather(delivery, reloading, return_exceptions=True)
    jobs.shutdown(wait=False)
    await parts.beat(stopped=True)
    log.info("stopped")


async def _listen(parts: Parts, web: WebServer) -> None:
    """Listen where the settings say now; the daemon goes on without when it cannot."""
    try:
        await web.use(parts.world().config.settings.web)
    except WebError as error:
        log.error("%s", error)


def _jobs(parts: Parts) -> Any:
    """Start APScheduler: few jobs, since what is due when stands in the database."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    jobs = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    every: list[tuple[Callable[[], Awaitable[None]], float]] = [
        (parts.tick, 1),
        (parts.beat, BEAT),
        (parts.ping, BEAT),
        (parts.tell, TELL),
        (parts.look_at_hubs, HUBS),
        (parts.upkeep, UPKEEP),
    ]
    for job, seconds in every:
        jobs.add_job(job, "interval", seconds=seconds)
    jobs.start()
    return jobs
