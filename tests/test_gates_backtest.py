"""Gates replayed on stored items, and what sending them again leaves out."""

from __future__ import annotations

from pathlib import Path

from newsroom import Newsroom, make_newsroom, make_world
from story_desk import Desk
from test_gates_outlets import FOUR, HOLD, ONE, OTHER, ROOM, THREE, TWO, UNTIL
from test_gates_spike import STRIKES

from rasid.archive.backtest import Backtest, Side, Trial, backtest
from rasid.archive.replay import Replay, missing
from rasid.settings import HOUR

PLAIN = ROOM.replace(" GATE,", "")


async def filled(folder: Path, rules: str = PLAIN) -> Newsroom:
    """Return a newsroom with a story of four outlets, and one of one."""
    desk = Desk(make_newsroom(folder, rules=rules))
    for title, source in ((ONE, "sana"), (OTHER[0], "sana"), (TWO, "enab"), (THREE, "north")):
        await desk.report(title, source=source)
        await desk.sent(after=HOUR // 6)
    await desk.report(FOUR, source="wire")
    return desk.room


async def tried(room: Newsroom, folder: Path, gate: str) -> Backtest:
    world = make_world(folder, ROOM.replace("GATE", gate))
    trial = Trial(Side(world.config, world.matcher), Side(room.world.config))
    return await backtest(room.storage, trial, since=0, progress=lambda _item: None)


async def test_what_a_gate_would_have_held_is_counted(tmp_path: Path) -> None:
    room = await filled(tmp_path)
    found = await tried(room, tmp_path, HOLD)
    gates = found.rules["strike"].gates
    assert gates is not None
    assert (gates.opened, gates.held) == (1, 1)
    forecast = found.receivers["desk"]
    assert (forecast.per_day.total(), forecast.before.total()) == (2, 5)
    await room.storage.close()


async def test_a_label_takes_no_alert_away(tmp_path: Path) -> None:
    room = await filled(tmp_path)
    found = await tried(room, tmp_path, UNTIL)
    gates = found.rules["strike"].gates
    assert gates is not None
    assert (gates.opened, gates.held) == (1, 0)
    assert found.receivers["desk"].per_day.total() == 5
    await room.storage.close()


async def test_the_replay_says_what_was_told(tmp_path: Path) -> None:
    room = await filled(tmp_path, ROOM.replace("GATE", HOLD))
    alerts = await room.storage.read(lambda view: view.alerts(limit=99))
    found = await tried(room, tmp_path, HOLD)
    assert found.receivers["desk"].per_day.total() == len(alerts) == 2
    await room.storage.close()


async def test_spikes_and_silences_are_replayed(tmp_path: Path) -> None:
    desk = Desk(make_newsroom(tmp_path, rules=PLAIN))
    for at in (0, 6):
        await desk.report(*STRIKES[at : at + 6], source="sana")
        await desk.sent(after=9 * HOUR)
    found = await tried(desk.room, tmp_path, "spike: {floor: 4}, silent: 6h")
    gates = found.rules["strike"].gates
    assert gates is not None
    assert (gates.spikes, gates.silences) == (2, 1)
    assert found.receivers["desk"].per_day.total() == 2 + 2
    await desk.room.storage.close()


async def test_silence_before_the_first_match_and_after_the_last_is_replayed(
    tmp_path: Path,
) -> None:
    desk = Desk(make_newsroom(tmp_path, rules=PLAIN))
    for title in ("Harvest", STRIKES[0], "Football"):
        await desk.report(title, source="sana")
        await desk.sent(after=9 * HOUR)
    for gate, alerts in (("silent: 6h", 4), ("silent: 10h", 1)):
        found = await tried(desk.room, tmp_path, gate)
        gates = found.rules["strike"].gates
        assert gates is not None
        assert found.receivers["desk"].per_day.total() == alerts, gate
    await desk.room.storage.close()


async def test_a_rule_that_matched_nothing_was_silent(tmp_path: Path) -> None:
    desk = Desk(make_newsroom(tmp_path, rules=PLAIN))
    for title in ("Harvest", "Football"):
        await desk.report(title, source="sana")
        await desk.sent(after=9 * HOUR)
    found = await tried(desk.room, tmp_path, "silent: 6h")
    gates = found.rules["strike"].gates
    assert (gates and gates.silences, found.receivers["desk"].per_day.total()) == (1, 1)
    await desk.room.storage.close()


async def test_what_depends_on_other_items_is_not_sent_again(tmp_path: Path) -> None:
    room = await filled(tmp_path)
    counts = []
    for rules in (PLAIN, ROOM.replace("GATE", HOLD)):
        world = make_world(tmp_path, rules.replace("strike", "strikes"))
        replay = Replay(world.config, world.matcher, world.targets, 0)
        counts.append(await missing(room.storage, replay))
    assert counts == [5, 0]
    await room.storage.close()
