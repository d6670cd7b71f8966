"""Who is told, when and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class ReceiverUrl:
    """One Apprise URL as written, secrets not filled in; `id` is the user's own or empty."""

    template: str
    id: str = ""
    file: str = field(default="", compare=False)  # where it stands, and the next two
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


SEVERITIES: Final = ("info", "low", "medium", "high", "critical")  # from the least on
CRITICAL: Final = SEVERITIES[-1]


def rank(severity: str) -> int:
    """Return how grave a severity is, from 0; one of the user's own, or none, is as `medium`."""
    return SEVERITIES.index(severity if severity in SEVERITIES else "medium")


@dataclass(frozen=True, slots=True)
class Digest:
    """Alerts below a severity wait for the next time of a cron expression in a zone."""

    at: str
    zone: str = "UTC"
    below: str = CRITICAL


@dataclass(frozen=True, slots=True)
class QuietHours:
    """What is not critical waits from one time of the day to another, on days when it begins."""

    start: int  # minutes after midnight
    end: int
    zone: str = "UTC"
    days: tuple[int, ...] = tuple(range(7))  # Monday is 0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many messages within a span (microseconds), attempts that fail included."""

    messages: int
    per: int


@dataclass(frozen=True, slots=True)
class Pace:
    """When a receiver is told; by itself at once."""

    group_wait: int = 0  # microseconds
    digest: Digest | None = None
    quiet_hours: QuietHours | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Whom to tell what nobody has acknowledged for a while (microseconds)."""

    to: str
    after: int


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """At which times, of a cron expression in a zone, a receiver is told what to hand over."""

    at: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where alerts go."""

    id: str
    urls: tuple[ReceiverUrl, ...]
    show: Literal["full", "discreet"] = "full"
    pace: Pace = Pace()
    min_severity: str = SEVERITIES[0]
    language: str = ""  # of the words around an item; "": that of the desk
    template: str = ""  # of one item; "": as `rasid.notifiers.text` has it
    escalate: Escalate | None = None
    shift_report: ShiftReport | None = None
