"""The configured world as plain values: what `rasid.config` reads from rules.yaml.

Durations are integer microseconds. Everything here is immutable. The parts of a condition are
`Struct`s and not data classes: there may be a million of them, in a cache that is read at start
(use `msgspec.structs.replace` on them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from msgspec import Struct

from rasid.errors import Problem
from rasid.gates import NO_GATES, Gates

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
USUAL: Final = 15 * MINUTE  # between polls of a source
USUAL_AT_MOST: Final = 30 * MINUTE  # the same, where a hint asks for longer
MEGABYTE: Final = 1_000_000
GIGABYTE: Final = 1_000 * MEGABYTE
MAP_LINK: Final = "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=11/{lat}/{lon}"
ALL_FIELDS: Final = ("title", "summary", "text", "url", "author", "tags")  # of an item
NEW: Final = "new"  # what a rule alerts `on`: the first revision that it matches
REVISED: Final = "revised"  # a later one
WITHDRAWN: Final = "withdrawn"  # its outlet took it away
CORROBORATED: Final = "corroborated"  # enough independent outlets tell it
EVENTS: Final = (NEW, REVISED, CORROBORATED, WITHDRAWN)
USUAL_FIELDS: Final = ALL_FIELDS[:3]  # where a rule looks that does not say


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher."""

    id: str
    name: str
    country: str = ""  # ISO 3166 alpha-2
    language: str = ""  # BCP 47
    group: str = ""  # ownership group


@dataclass(frozen=True, slots=True)
class Auth:
    """Credentials of a source, sent to its own scheme, host and port only.

    The values are templates (`${NAME}`), filled by `rasid.secret.fill` when sent.
    """

    username: str = ""
    password: str = ""
    bearer: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """CSS selectors of a list page: `item` on the page, the others inside an item."""

    item: str
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One polled address of an outlet."""

    id: str
    outlet: str
    url: str
    kind: str = "auto"
    select: Select | None = None  # of `kind: page`
    every: int = USUAL
    least: int = 0  # the shortest pause; 0: as often as it takes to lose nothing
    most: int = 0  # the longest pause, whatever hints say; 0: `every`
    language: str = ""
    enabled: bool = True
    auth: Auth | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    tls_verify: bool = True
    robots: bool = True
    text: Literal["feed", "page"] = "feed"
    tags: tuple[str, ...] = ()  # what people sort it by; items do not have them
    backfill_alerts: int | None = None  # None: as the settings say


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


class Term(Struct, frozen=True, array_like=True, tag="term", gc=False):
    """A word or a phrase of a rule, as the user wrote it.

    `*` stands for any letters and `?` for one. `exact`: as typed, letter by letter, with
    neither folding nor forms nor wildcards. `inflect` false: folded, but only as typed.
    """

    text: str
    language: str = ""  # "": found from its script and the dictionaries
    exact: bool = False
    inflect: bool = True


class Regex(Struct, frozen=True, array_like=True, tag="regex", gc=False):
    """A regular expression in RE2's syntax, on the original text."""

    pattern: str


class Near(Struct, frozen=True, array_like=True, tag="near", gc=False):
    """Both parts in one field with at most `distance` words between, in order where asked.

    Its parts are terms, expressions, conditions of `any` alone and further `Near`.
    """

    left: Part
    right: Part
    distance: int
    ordered: bool = False


class Times(Struct, frozen=True, array_like=True, tag="times", gc=False):
    """A part that is there at least `count` times, all fields together."""

    part: Part
    count: int


class Condition(Struct, frozen=True, array_like=True, tag="condition", gc=False):
    """Keys are ANDed, entries of `any` ORed (`at_least` of them), entries of `none` veto.

    `fields` says where to look; empty: where the condition around it looks, and the
    outermost in title, summary and text.
    """

    any: tuple[Part, ...] = ()
    all: tuple[Part, ...] = ()
    none: tuple[Part, ...] = ()
    at_least: int = 1
    fields: tuple[str, ...] = ()


Part = Term | Regex | Near | Times | Condition


def is_open(part: Part) -> bool:
    """Whether a text that has none of a part's words satisfies it."""
    if not isinstance(part, Condition):
        return False
    enough = not part.any or sum(map(is_open, part.any)) >= part.at_least
    return enough and all(map(is_open, part.all)) and not any(map(is_open, part.none))


class Inside(Struct, frozen=True, array_like=True, tag="inside", gc=False):
    """A place and all that it contains; `id` is the gazetteer's, or of `places:`."""

    id: str
    name: str


class Around(Struct, frozen=True, array_like=True, tag="around", gc=False):
    """Everything within `km` of a point, which is that of the place `id`."""

    id: str
    name: str
    lat: float
    lon: float
    km: float


Ring = tuple[tuple[float, float], ...]  # latitude, longitude


class Area(Struct, frozen=True, array_like=True, tag="area", gc=False):
    """Everything in one of some polygons, each an outer ring and holes."""

    name: str  # as messages call it
    polygons: tuple[tuple[Ring, ...], ...]


Region = Inside | Around | Area


class Scope(Struct, frozen=True, array_like=True, gc=False):
    """An entry of `where`; `recall`: a place that is only likely to lie there counts too."""

    region: Region
    recall: bool = False


Together = int | Literal["sentence", "title", "item"]
TOGETHER: Final = 30  # words between a word and a place, unless a rule says otherwise


class OwnPlace(Struct, frozen=True, array_like=True, gc=False):
    """An entry of `places:`. `kind` is the name of a `rasid.places.model.Kind`."""

    id: str
    names: tuple[str, ...]
    lat: float
    lon: float
    within: str = ""  # the id of what it lies in
    kind: str = "SPOT"


@dataclass(frozen=True, slots=True)
class Example:
    """An item of which more than the title is given."""

    title: str = ""
    summary: str = ""
    text: str = ""
    url: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts that `rasid check` runs a rule on."""

    match: tuple[str | Example, ...] = ()  # a text is a title
    no_match: tuple[str | Example, ...] = ()
    # line and column of each, `match` first; empty when nobody knows
    places: tuple[tuple[int, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over items and whom to tell. Empty filters let everything through."""

    id: str
    condition: Condition
    notify: tuple[str, ...]
    outlets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # of the outlet, ISO 3166 alpha-2
    published_within: int | None = None  # microseconds; undated items pass
    cooldown: int = 0  # microseconds in which only news is told at once
    gates: Gates = NO_GATES
    severity: str = ""
    tags: tuple[str, ...] = ()
    where: tuple[Scope, ...] = ()  # one of them; none: anywhere
    not_where: tuple[Scope, ...] = ()
    together: Together = TOGETHER  # how near the words are to the place
    demonyms: bool = False
    on: tuple[str, ...] = (NEW,)  # of EVENTS
    examples: Examples = Examples()
    match_all: bool = False  # the user means it: a rule without words, or of vetoes only
    file: str = ""
    line: int = 0
    hash: str = ""  # of the rule's meaning, lists included: changes when an alert could


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
