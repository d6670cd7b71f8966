"""The first rules.yaml that `rasid init` writes."""

from __future__ import annotations

from importlib import resources
from typing import Final

_ZONE: Final = "time_zone: UTC"


def starter(time_zone: str = "UTC") -> str:
    """Return the text of a small commented rules.yaml for a time zone."""
    text = resources.files("rasid.config").joinpath("starter.yaml").read_text(encoding="utf-8")
    return text.replace(_ZONE, f"time_zone: {time_zone}", 1)
