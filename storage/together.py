"""Which alerts share a notification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

MOST_TOGETHER: Final = 100  # their ids stand in one header of the request


def parted(members: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the parts of a notification that was refused, given (id, subject) of its alerts.

    One for each subject; alerts that are all about one are parted singly.
    """
    parts: dict[str, list[str]] = {}
    for name, subject in members:
        parts.setdefault(subject, []).append(name)
    if len(parts) == 1:
        return [[name] for names in parts.values() for name in names]
    return list(parts.values())
