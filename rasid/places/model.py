"""What a place is, and what it is to have found one in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple, Protocol

from msgspec import Struct


class Kind(IntEnum):
    """What sort of place, by what it may contain."""

    REGION = 0  # a sea, a continent, land that is no country: contains by its own list
    COUNTRY = 1
    ADMIN1 = 2  # state, governorate, province, oblast
    ADMIN2 = 3  # county, district
    ADMIN3 = 4
    TOWN = 5  # city, town, village, quarter
    SPOT = 6  # field, base, crossing, mountain: what is at one point

    @property
    def is_area(self) -> bool:
        """Whether it contains places; its coordinates are then a mere centre."""
        return self < Kind.TOWN


class Place(Struct, frozen=True, array_like=True, gc=False):
    """A gazetteer entry. `number` is its own within one compiled gazetteer, `id` for ever.

    Ids: `geonames:173480`, `country:SY`, `region:red-sea`, and as written in `places:` for
    one's own. Degrees are WGS 84; both are None where unknown.
    """

    number: int
    id: str
    name: str
    kind: Kind
    lat: float | None
    lon: float | None
    country: str = ""  # ISO 3166-1 alpha-2
    within: tuple[int, ...] = ()  # numbers of what contains it, the nearest first
    population: int = 0
    capital: bool = False  # of a country
    names: int = 0  # how many it has in all languages, those of its people not; 0: unknown


class Means(IntEnum):
    """What a name says of its place."""

    NAME = 0
    DEMONYM = 1  # Syrian, سوري: of it
    SHORT = 2  # Va., UAE: as an abbreviation writes it
    SKELETON = 3  # a spelling that no list has, known by its consonants
    WITHIN = 4  # a street, a river, a building that no list has, in it or beside it


class Named(NamedTuple):
    """A place that bears a name.

    `article`: the name has its Arabic article. `lower`: it is written without a capital, in a
    script that has them.
    """

    place: int
    means: Means = Means.NAME
    article: bool = False
    lower: bool = False


class Usage(NamedTuple):
    """How a word is used that may be a name, or begin one.

    `languages` (bits): in which it is an ordinary word. `often`: how often a script without
    capitals has it, in hundredths of the Zipf scale (300: once in a million words); 0: seldom.
    """

    languages: int = 0
    often: int = 0


class Choice(NamedTuple):
    """A place that a mention may mean, and how much speaks for it (0 to 1, all together 1)."""

    place: Place
    share: float


class Mention(Struct, frozen=True, gc=False):
    """A place named in a text: `text` is `start:end` (code points) of the field.

    `meant` is how sure it is that a place is meant at all, `confidence` that it is `place`
    (0 to 1). `why` tells the reasons in words, `others` who else bears the name, the likeliest
    first.
    """

    field: str
    start: int
    end: int
    text: str
    place: Place
    confidence: float
    means: Means = Means.NAME
    why: tuple[str, ...] = ()
    others: tuple[Choice, ...] = ()
    meant: float = 1.0


class Gazetteer(Protocol):
    """Places by name, number and position. Any number of threads may ask at once."""

    version: str

    def longest(self, prefix: str) -> int:
        """Return how long the longest name is that begins so; 0: none does.

        `prefix`: the first words of a key, the answer in words; for a script without spaces
        the first `LEAST_UNSPACED` characters, the answer in characters.
        """
        ...

    def usage(self, word: str) -> Usage:
        """Return how a folded word without its article is used."""
        ...

    def named(self, key: str) -> Sequence[Named]:
        """Return which places bear a name; `key` is as of `rasid.places.names.key`."""
        ...

    def spelt_like(self, skeleton: str, country: str) -> Sequence[int]:
        """Return the places of a country with a name of these consonants."""
        ...

    def place(self, number: int) -> Place:
        """Return a place. Raises `KeyError`."""
        ...

    def by_id(self, identity: str) -> Place | None:
        """Return the place of an id."""
        ...

    def names(self, number: int) -> Sequence[str]:
        """Return all names of a place as they are written."""
        ...

    def nearby(self, lat: float, lon: float, km: float) -> Iterable[tuple[float, Place]]:
        """Return the places within a distance of a point, with theirs in km, nearest first."""
        ...

    def count_within(self, number: int) -> int:
        """Return how many places lie in a place, whatever lies between."""
        ...

    def largest_within(self, number: int, most: int) -> Sequence[Place]:
        """Return the towns and spots in a place, those of most people first."""
        ...


class Geoparser(Protocol):
    """Finds the places that a document names."""

    gazetteer: Gazetteer

    def mentions(self, fields: Sequence[tuple[str, str]], source: str = "") -> Sequence[Mention]:
        """Return the mentions in the fields (name, text) of one document, in order."""
        ...


class Atlas(NamedTuple):
    """What rules about places need; `open` is called only when there is such a rule."""

    open: Callable[[], Gazetteer]
    geoparser: Callable[[Gazetteer], Geoparser]
