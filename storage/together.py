"""How many alerts share a notification at most, those about one subject together."""

from __future__ import annotations

from typing import Final

MOST_TOGETHER: Final = 100  # their ids stand in one header of the request
