"""Words beside a name that say of what kind its place is: oblast, محافظة, 省."""

from __future__ import annotations

from typing import Final, NamedTuple

from rasid.places.model import Kind
from rasid.text.fold import fold_text

AREAS: Final = (Kind.ADMIN1, Kind.ADMIN2, Kind.ADMIN3)
_LOWER: Final = (Kind.ADMIN2, Kind.ADMIN3)
_TOWNS: Final = (Kind.TOWN,)
_COUNTRIES: Final = (Kind.COUNTRY,)
_LANDS: Final = (Kind.COUNTRY, *AREAS)
_ANY: Final = (*AREAS, Kind.COUNTRY, Kind.REGION)

_FIRST_ORDER: Final = """
governorate province oblast state krai prefecture voivodeship canton
emirate muhafazah department territory gouvernorat gouvernorats département
bundesland provinz provincia estado departamento parêzgeha parêzgehê
محافظة ولاية إمارة مقاطعة استان استانهای ولایت پارێزگای
область области областью областей областях край края крае краю краем республика республики
республике республику провинция провинции провинцию область області областю провінція провінції
ili ilinde iline ilinden ilinin ilindeki vilayeti vilayetinde eyaleti eyaletinde eyaletinin
eyaletindeki מחוז נפת
"""
_LOWER_ORDER: Final = """
district raion borough subdistrict municipality arrondissement okrug kreis landkreis
قضاء مديرية شهرستان район района районе районом округ округа округе району районі
ilçesi ilçesinde ilçesine ilçesinden ilçesinin ilçesindeki
"""
_TOWN: Final = """
city town village ville stadt ciudad città cidade مدينة بلدة قرية شهر روستای
город города городе городу городом село села селе посёлок посёлке посёлка місто міста місті селі
şehri şehrinde şehrine şehrinden şehrinin şehrindeki kenti kentinde kentine kentinden kentinin
kentindeki köyü köyünde bajarê شاری העיר עיירה כפר
"""
_RURAL: Final = "countryside rural rif ریف ريف kırsalı kırsalında kırsalına gundewarê"
_REGION: Final = "region région regione región região إقليم"
_LOOSE_ANY: Final = "area"
_LOOSE_LOWER: Final = "منطقة ناحية"
_UNSPACED: Final = {
    "省": AREAS, "州": AREAS, "県": AREAS, "縣": _LOWER, "县": _LOWER, "府": AREAS, "道": AREAS,
    "市": _TOWNS, "镇": _TOWNS, "鎮": _TOWNS, "村": _TOWNS, "町": _TOWNS,
}  # fmt: skip
_OBLASTS: Final = tuple(  # Німеччина and Туреччина are none
    fold_text(stem + end)
    for stem in ("щин", "неччин", "ниччин")
    for end in ("а", "и", "і", "у", "ою")
)


class Designator(NamedTuple):
    """What a word says of the name beside it.

    `rural`: the land around a town, not the town. `loose`: too little to go by in a text.
    """

    kinds: tuple[Kind, ...]
    rural: bool = False
    loose: bool = False
    several: bool = False  # of all names before it: Douglas and Sarpy counties
    called: str = ""  # what the names of such areas end in, always


def _table(*rows: tuple[str, Designator]) -> dict[str, Designator]:
    return {fold_text(word): said for words, said in rows for word in words.split()}


DESIGNATORS: Final = _table(
    (_FIRST_ORDER, Designator(AREAS)),
    (_LOWER_ORDER, Designator(_LOWER)),
    ("county", Designator(_LOWER, called="county")),
    ("counties", Designator(_LOWER, several=True, called="county")),
    ("republic république republik república جمهورية", Designator(_LANDS)),
    ("республика республики республике республику республіка республіки", Designator(_LANDS)),
    ("provinces governorates oblasts regions", Designator(AREAS, several=True)),
    ("областей областях областям محافظتي محافظات ولايتي ولايات", Designator(AREAS, several=True)),
    ("مدينتي مدن بلدتي بلدات قريتي قرى", Designator(_TOWNS, several=True)),
    ("ريفي أرياف", Designator(AREAS, rural=True, several=True)),
    ("districts raions", Designator(_LOWER, several=True)),
    (_TOWN, Designator(_TOWNS)),
    (_RURAL, Designator(AREAS, rural=True)),
    (_REGION, Designator(_ANY, rural=True)),
    (_LOOSE_ANY, Designator(_ANY, loose=True)),
    (_LOOSE_LOWER, Designator(_LOWER, loose=True)),
    ("country دولة", Designator(_COUNTRIES, loose=True)),
)
_OBLAST: Final = Designator(AREAS)
_SUFFIXES: Final = {letter: Designator(kinds) for letter, kinds in _UNSPACED.items()}


def designator(folded: str) -> Designator | None:
    """Return what a folded word says of the name beside it."""
    return DESIGNATORS.get(folded)


def ending(folded: str) -> Designator | None:
    """Return what the ending of a folded word says of it: Київщина is Kyiv oblast."""
    return _OBLAST if folded.endswith(_OBLASTS) else None


def suffix(letter: str) -> Designator | None:
    """Return what a letter of Chinese or Japanese says of the name before it."""
    return _SUFFIXES.get(letter)
