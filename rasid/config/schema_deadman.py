"""The shape of what notices that something stops."""

from __future__ import annotations

from rasid.config.schema_values import HeartbeatUrl, Long, Part


class HeartbeatIn(Part):
    """An address that hears every so often that polling and delivery go on."""

    url: HeartbeatUrl
    every: Long = 5 * 60_000_000
