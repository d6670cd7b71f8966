"""A gazetteer of some forty places in memory, and a geoparser that knows their names as written.

Numbers are positions in `ROWS`. Both follow the protocols of `rasid.places.model`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from rasid.places.distance import km_between
from rasid.places.model import Atlas, Choice, Gazetteer, Kind, Means, Mention, Named, Place, Usage
from rasid.places.names import has_article, key, words
from rasid.text.fold import fold
from rasid.text.tokens import tokenize

C, A1, A2, T, S = Kind.COUNTRY, Kind.ADMIN1, Kind.ADMIN2, Kind.TOWN, Kind.SPOT
# id, kind, country, lies in, lat, lon, population, names
ROWS: tuple[tuple[str, Kind, str, str, float, float, int, str], ...] = (
    ("country:SY", C, "SY", "", 35.0, 38.0, 22_000_000, "Syria|سوريا|سورية"),
    ("country:LB", C, "LB", "", 33.8, 35.8, 5_300_000, "Lebanon|لبنان"),
    ("country:IQ", C, "IQ", "", 33.0, 44.0, 43_000_000, "Iraq|العراق"),
    ("country:LY", C, "LY", "", 25.0, 17.0, 6_900_000, "Libya|ليبيا"),
    ("country:US", C, "US", "", 39.8, -98.6, 331_000_000, "United States|USA|الولايات المتحدة"),
    ("country:GE", C, "GE", "", 42.0, 43.5, 3_700_000, "Georgia|جورجيا"),
    ("country:UA", C, "UA", "", 49.0, 32.0, 41_000_000, "Ukraine|أوكرانيا|Украина"),
    ("country:FR", C, "FR", "", 46.0, 2.0, 67_000_000, "France|فرنسا"),
    ("country:PS", C, "PS", "", 32.0, 35.2, 5_000_000, "Palestine|فلسطين"),
    (
        "a:dez",
        A1,
        "SY",
        "country:SY",
        35.0,
        40.5,
        0,
        "Deir ez-Zor|Deir ez-Zor Governorate|دير الزور",
    ),
    ("a:has", A1, "SY", "country:SY", 36.5, 40.7, 0, "Al-Hasakah|الحسكة"),
    ("a:dam", A1, "SY", "country:SY", 33.5, 36.3, 0, "Damascus|دمشق"),
    ("a:rif", A1, "SY", "country:SY", 33.6, 36.9, 0, "Rif Dimashq|ريف دمشق"),
    ("a:hom", A1, "SY", "country:SY", 34.5, 38.0, 0, "Homs|حمص"),
    ("a:ale", A1, "SY", "country:SY", 36.2, 37.3, 0, "Aleppo|حلب"),
    ("a:gus", A1, "US", "country:US", 32.7, -83.4, 10_700_000, "Georgia|جورجيا"),
    ("a:mdu", A1, "US", "country:US", 39.0, -76.8, 6_000_000, "Maryland"),
    ("a:kyo", A1, "UA", "country:UA", 50.3, 30.5, 1_800_000, "Kyiv|Київ|كييف"),
    ("a:txu", A1, "US", "country:US", 31.0, -100.0, 29_000_000, "Texas"),
    ("a:gaz", A1, "PS", "country:PS", 31.4, 34.4, 2_000_000, "Gaza Strip|قطاع غزة"),
    ("a:nor", A1, "LB", "country:LB", 34.4, 35.9, 800_000, "North Lebanon"),
    ("t:dez", T, "SY", "a:dez", 35.336, 40.145, 240_000, "Deir ez-Zor|دير الزور"),
    ("t:may", T, "SY", "a:dez", 35.018, 40.453, 54_000, "Al Mayadin|Mayadin|الميادين"),
    ("t:buk", T, "SY", "a:dez", 34.451, 40.919, 57_000, "Al-Bukamal|البوكمال"),
    ("t:has", T, "SY", "a:has", 36.502, 40.747, 188_000, "Al-Hasakah|Hasakah|الحسكة"),
    ("t:dam", T, "SY", "a:dam", 33.510, 36.291, 1_570_000, "Damascus|دمشق"),
    ("t:dou", T, "SY", "a:rif", 33.572, 36.402, 110_000, "Douma|دوما"),
    ("t:hom", T, "SY", "a:hom", 34.730, 36.709, 775_000, "Homs|حمص"),
    ("t:tad", T, "SY", "a:hom", 34.560, 38.267, 51_000, "Palmyra|Tadmur|تدمر"),
    ("t:ale", T, "SY", "a:ale", 36.202, 37.134, 2_100_000, "Aleppo|حلب"),
    ("t:tly", T, "LY", "country:LY", 32.887, 13.191, 1_150_000, "Tripoli|طرابلس"),
    ("t:tlb", T, "LB", "a:nor", 34.437, 35.850, 229_000, "Tripoli|طرابلس"),
    ("t:bei", T, "LB", "country:LB", 33.894, 35.502, 1_900_000, "Beirut|بيروت"),
    ("t:dmd", T, "US", "a:mdu", 39.288, -77.204, 15_000, "Damascus"),
    ("t:sin", T, "US", "a:txu", 31.000, -99.000, 800, "Canton Sinai|Sinai"),
    ("t:par", T, "FR", "country:FR", 48.853, 2.349, 2_138_000, "Paris|باريس"),
    ("t:ptx", T, "US", "a:txu", 33.661, -95.556, 25_000, "Paris"),
    ("t:kyi", T, "UA", "country:UA", 50.454, 30.524, 2_800_000, "Kyiv|Київ|كييف"),
    ("t:gaz", T, "PS", "a:gaz", 31.502, 34.467, 600_000, "Gaza|غزة"),
    ("t:bag", T, "IQ", "country:IQ", 33.341, 44.401, 7_200_000, "Baghdad|بغداد"),
    ("s:tan", S, "SY", "a:hom", 33.506, 38.618, 0, "Al-Tanf|التنف"),
    ("region:red-sea", Kind.REGION, "", "", 20.0, 38.0, 0, "Red Sea|البحر الأحمر"),
)
DEMONYMS = {"Syrian": "country:SY", "السوري": "country:SY", "Iraqi": "country:IQ"}
SHORT = {"US": "country:US", "الولايات": "country:US"}


class SmallGazetteer:
    """The places of `ROWS`."""

    version = "small 1"

    def __init__(self) -> None:
        numbers = {row[0]: number for number, row in enumerate(ROWS)}
        within = {row[0]: row[3] for row in ROWS}
        self.opened = 0
        self.all: list[Place] = []
        self._named: dict[str, list[Named]] = {}
        for number, (name, kind, country, outer, lat, lon, people, names) in enumerate(ROWS):
            chain, at = [], outer
            while at:
                chain.append(numbers[at])
                at = within[at]
            first = names.split("|")[0]
            place = Place(number, name, first, kind, lat, lon, country, tuple(chain), people)
            self.all.append(place)
            for one in names.split("|"):
                self._add(one, number, Means.NAME)
        for means, table in ((Means.DEMONYM, DEMONYMS), (Means.SHORT, SHORT)):
            for one, of in table.items():
                self._add(one, numbers[of], means)

    def _add(self, name: str, number: int, means: Means) -> None:
        named = Named(number, means, has_article(name))
        if named not in self._named.setdefault(key(name), []):
            self._named[key(name)].append(named)

    def longest(self, prefix: str) -> int:
        sizes = [one.count(" ") + 1 for one in self._named if f"{one} ".startswith(f"{prefix} ")]
        return max(sizes, default=0)

    def usage(self, word: str) -> Usage:
        return Usage()

    def named(self, key: str) -> Sequence[Named]:
        return self._named.get(key, ())

    def spelt_like(self, skeleton: str, country: str) -> Sequence[int]:
        return ()

    def place(self, number: int) -> Place:
        if not 0 <= number < len(self.all):
            raise KeyError(number)
        return self.all[number]

    def by_id(self, identity: str) -> Place | None:
        return next((one for one in self.all if one.id == identity), None)

    def names(self, number: int) -> Sequence[str]:
        return ROWS[number][7].split("|")

    def nearby(self, lat: float, lon: float, km: float) -> Iterable[tuple[float, Place]]:
        points = [one for one in self.all if one.lat is not None and one.lon is not None]
        found = [(km_between(lat, lon, one.lat or 0, one.lon or 0), one) for one in points]
        return sorted((pair for pair in found if pair[0] <= km), key=lambda pair: pair[0])

    def count_within(self, number: int) -> int:
        return sum(number in one.within for one in self.all)

    def largest_within(self, number: int, most: int) -> Sequence[Place]:
        found = [one for one in self.all if number in one.within and not one.kind.is_area]
        return sorted(found, key=lambda one: -one.population)[:most]


class ExactGeoparser:
    """Finds names letter by letter, folded; takes the most populous point, else the area."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.asked = 0

    def mentions(self, fields: Sequence[tuple[str, str]], source: str = "") -> Sequence[Mention]:
        self.asked += 1
        return [one for name, text in fields for one in self._in(name, text)]

    def _in(self, field: str, text: str) -> Iterable[Mention]:
        tokens = tokenize(fold(text))
        at = 0
        while at < len(tokens):
            for many in range(min(4, len(tokens) - at), 0, -1):
                start, end = tokens[at].start, tokens[at + many - 1].end
                found = self.gazetteer.named(key(text[start:end]))
                if found:
                    yield self._mention(field, start, end, text[start:end], found)
                    at += many - 1
                    break
            at += 1

    def _mention(
        self, field: str, start: int, end: int, text: str, found: Sequence[Named]
    ) -> Mention:
        places = [self.gazetteer.place(one.place) for one in found]
        places.sort(key=lambda one: (one.kind is C, one.kind in (T, S), one.population))
        place, *rest = reversed(places)
        share = 1 / (1 + len(rest))
        others = tuple(Choice(one, round(share, 2)) for one in rest)
        sure = 0.9 if not rest else 0.6
        return Mention(field, start, end, text, place, sure, found[0].means, ("named",), others)


@cache
def small() -> SmallGazetteer:
    return SmallGazetteer()


def atlas() -> Atlas:
    """Return the small gazetteer with its geoparser."""
    return Atlas(small, ExactGeoparser)


__all__ = ["ExactGeoparser", "SmallGazetteer", "atlas", "small", "words"]
