"""Lanes: alerts of one target that wait for the same, and go out together.

A lane is named so that those whose names come first go out first. In the first, in `REPORT`
and in `SOON` alerts are told in full; every other one is a list, with a line or two for each item.
"""

from __future__ import annotations

from typing import Final

from rasid.models import Hold

AT_ONCE: Final = ""
REPORT: Final = "0 report"  # first what there is to take over, then what came
URGENT: Final = "1 limited"  # critical ones that the limit kept back
LIMITED: Final = "2 limited"
_DIGEST: Final = "3 digest"
SOON: Final = "4 soon"
_QUIET: Final = "5 quiet"
_STORY: Final = "6 story"
_COOLDOWN: Final = "7 cooldown"
SILENCED: Final = "8 silenced"  # how their names begin; nothing takes their alerts along

KEPT_BACK: Final = (URGENT, LIMITED)
IN_FULL: Final = (AT_ONCE, REPORT, SOON)
CRITICAL_ONLY: Final = (AT_ONCE, URGENT)
_KINDS: Final = {
    "1": Hold.LIMITED, "2": Hold.LIMITED, "3": Hold.DIGEST, "5": Hold.QUIET_HOURS, "6": Hold.STORY,
    "7": Hold.COOLDOWN, "8": Hold.SILENCED,
}  # fmt: skip


_UNASKED: Final = frozenset({Hold.DIGEST, Hold.STORY, Hold.COOLDOWN, Hold.SILENCED})


def digest_lane(slot: str) -> str:
    """Return the lane of a digest, by the local time it is for: `2026-11-27T07:00`."""
    return f"{_DIGEST} {slot}"


def quiet_lane(evening: str) -> str:
    """Return the lane of quiet hours, by the local date on which they began."""
    return f"{_QUIET} {evening}"


def story_lane(story: str) -> str:
    """Return the lane of what repeats a story that was told."""
    return f"{_STORY} {story}"


def cooldown_lane(rule: str) -> str:
    """Return the lane of what a rule matches within its cool-down."""
    return f"{_COOLDOWN} {rule}"


def silence_lane(silence: str) -> str:
    """Return the lane of what a silence keeps back."""
    return f"{SILENCED} {silence}"


def silence_of(lane: str) -> str:
    """Return the silence of such a lane, "" of another one."""
    return lane.rpartition(" ")[2] if lane.startswith(SILENCED) else ""


def story_of(lane: str) -> str:
    """Return the story of such a lane, "" of another one."""
    return lane.rpartition(" ")[2] if lane.startswith(_STORY) else ""


def held_by(lane: str) -> Hold | None:
    """Return what the alerts of a list waited for, None where they are told in full."""
    return _KINDS.get(lane[:1])


def is_asked(lane: str) -> bool:
    """Tell whether what waited in a lane was told so that somebody should take it up."""
    return held_by(lane) not in _UNASKED


def slot_of(lane: str) -> str:
    """Return the local time or date of a lane, "" when it has none."""
    return lane.rpartition(" ")[2] if lane.startswith((_DIGEST, _QUIET)) else ""


def listed(lane: str, waiting: int, in_full: int) -> bool:
    """Tell whether a lane's next message is a list.

    What a limit kept back is told in full where one message can hold all of it.
    """
    if lane in KEPT_BACK:
        return waiting > in_full
    return lane not in IN_FULL
