"""The shape of what notices that something stops."""

from __future__ import annotations

from rasid.config.schema_values import HeartbeatUrl, Long, Name, Part


class HeartbeatIn(Part):
    """An address that hears every so often that polling and delivery go on."""

    url: HeartbeatUrl
    every: Long = 5 * 60_000_000


class CanaryIn(Part):
    """An alert of Rasid's own that must arrive every so often."""

    every: Long = 3_600_000_000
    receiver: Name = ""
