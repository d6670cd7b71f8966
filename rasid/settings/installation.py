"""What holds for the whole installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rasid.errors import Problem
from rasid.settings.conditions import Term
from rasid.settings.places import OwnPlace
from rasid.settings.receivers import Receiver
from rasid.settings.rules import Rule
from rasid.settings.sources import Outlet, Source
from rasid.settings.units import DAY, GIGABYTE, HOUR, MINUTE

MAP_LINK: Final = "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=11/{lat}/{lon}"


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web server listens; `public`: the user means an address that is not loopback."""

    host: str = "127.0.0.1"
    port: int = 8080
    public: bool = False


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """An address that hears every so often that all goes on; a template, as of receivers."""

    url: str
    every: int = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Canary:
    """An alert that must arrive every so often: at a receiver, or at the end of the outbox."""

    every: int = HOUR
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole installation."""

    time_zone: str = "UTC"
    ops_receiver: str = ""
    fallback_receiver: str = ""
    retention: int = 365 * DAY
    dead_letter_after: int = 72 * HOUR
    too_old: int = 48 * HOUR
    backfill_alerts: int = 0
    failing_after: int = 5  # polls in a row that fail, until the ops receiver is told
    receiver_failing_after: int = 15 * MINUTE  # without taking what is due, until it is told
    story_updates: int = 30 * MINUTE  # how long what repeats a story waits; 0: it does not
    noisy_rule: int = 100  # matches a day; a rule with more shows in `rasid status`
    map_link: str = MAP_LINK
    language: str = "en"  # of the desk: in which it is told of places
    user_agent: str = ""
    allow_addresses: tuple[str, ...] = ()
    web: Web | None = None  # None: nothing listens
    capture: bool = False  # what outlets answer is kept as it came, see `rasid.captures`
    spool_age: int = DAY
    spool_size: int = 2 * GIGABYTE
    public_url: str = ""  # where people reach the web server; "": messages carry no link to it
    callback_url: str = ""  # where hubs reach `/websub` of the web server; "": no subscriptions
    canary: Canary | None = None  # None: none is released
    heartbeat: Heartbeat | None = None  # None: nobody outside waits for a sign of life


@dataclass(frozen=True, slots=True)
class Config:
    """One valid rules.yaml with everything it includes."""

    settings: Settings = Settings()
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    lists: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)  # for queries by hand
    places: tuple[OwnPlace, ...] = ()
    gazetteer: str = ""  # the version that places were looked up in; "": no rule names any
    version: str = ""  # hash of all rules and places: what an item was matched under
    files: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def outlet_of(self, source: Source) -> Outlet:
        """Return the declared outlet of a source, or one that has but its name."""
        return self.outlets.get(source.outlet) or Outlet(source.outlet, source.outlet)
