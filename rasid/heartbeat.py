"""What a running daemon says of itself, in a small file that `rasid health` reads."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from rasid.settings import MINUTE, SECOND

STALE = MINUTE  # a beat older than this: the loop hangs or the process is gone
STUCK = 5 * MINUTE  # no progress for this long: polling or delivery hangs


@dataclass(frozen=True, slots=True)
class Beat:
    """One heartbeat; times in UTC microseconds."""

    pid: int
    at: int
    polling_at: int  # the tick last looked for due sources
    delivery_at: int  # the outbox last looked for due alerts
    config_error: str = ""  # why the last reload was refused
    storage_error: str = ""  # why the last write failed
    sources: str = ""  # how many fail, "" when none does
    captures: str = ""  # why responses are not captured, "" when they are or need not be
    delivery: str = ""  # why it is held that alerts reach nobody
    canary: str = ""  # why it is held that canaries do not arrive
    ping: str = ""  # why the address of settings.heartbeat was not reached
    stopped: bool = False  # the last one: it was asked to end


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the daemon is well, in words."""

    well: bool
    why: str


def write(data_dir: Path, beat: Beat) -> None:
    """Replace the file atomically; only its owner reads it."""
    partial = data_dir / "heartbeat.json.partial"
    partial.unlink(missing_ok=True)  # another's mode would stay
    with open(partial, "w", encoding="utf-8", opener=_private) as file:
        json.dump(asdict(beat), file)
    partial.replace(data_dir / "heartbeat.json")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def read(data_dir: Path) -> Beat | None:
    """Return the last heartbeat, None where no daemon ever wrote one."""
    try:
        return Beat(**json.loads((data_dir / "heartbeat.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def judge(beat: Beat | None, now: int) -> Verdict:
    """Judge a heartbeat by progress, not by the mere existence of a process."""
    if beat is None:
        return Verdict(False, "no daemon has run here")
    if beat.stopped:
        return Verdict(False, "the daemon was stopped")
    late = now - beat.at
    if late > STALE:
        return Verdict(False, f"no heartbeat for {late // SECOND} s: the daemon is not running")
    if stuck := hanging(beat):
        return Verdict(False, stuck)
    if beat.storage_error:
        return Verdict(False, f"the database cannot be written: {beat.storage_error}")
    refused = f"rules.yaml was refused: {beat.config_error}" if beat.config_error else ""
    captures = f"responses are not captured: {beat.captures}" if beat.captures else ""
    ping = f"settings.heartbeat is not reached: {beat.ping}" if beat.ping else ""
    troubles = "; ".join(
        filter(None, (beat.sources, refused, beat.delivery, beat.canary, captures, ping))
    )
    return Verdict(True, f"well, but {troubles}" if troubles else "well")


def hanging(beat: Beat) -> str:
    """Say what has made no progress, "" when all has: what a restart may mend."""
    for name, at in (("polling", beat.polling_at), ("delivery", beat.delivery_at)):
        if beat.at - at > STUCK:
            return f"{name} has made no progress for {(beat.at - at) // SECOND} s"
    return ""
