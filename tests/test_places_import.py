"""Files of places are read, told apart from what is known, and merged."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from few_places import compiled, ordinary

from rasid.places.facts import Fact, RefusedError
from rasid.places.model import Kind
from rasid.places.names import key
from rasid.places.reading import facts_of
from storage.gazetteer import GazetteerFile
from storage.gazetteer_merge import merge
from storage.imports import Imports, imports_version

DATA = Path(__file__).parent / "data" / "places"
CODES = {"SY.07": "geonames:170792"}


def line(number: int, name: str, lat: float, lon: float, **other: str) -> str:
    """Return a line of GeoNames' country dumps."""
    cells = [str(number), name, other.get("ascii", ""), other.get("names", ""), str(lat), str(lon),
             other.get("feature", "P"), other.get("code", "PPL"), other.get("country", "SY"), "",
             other.get("admin1", "07"), other.get("admin2", ""), "", "", other.get("people", "0"),
             "", "100", "Asia/Damascus", "2026-01-01"]  # fmt: skip
    return "\t".join(cells)


class Importer:
    """Imports into a gazetteer of few places."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = folder / "few.gazetteer"
        compiled(self.base).close()
        self.imports = Imports(folder / "data")
        self.opened: list[GazetteerFile] = []

    def __call__(self, *files: Path, alternate: Path | None = None) -> GazetteerFile:
        for file in files:
            self.imports.put(file.name, str(file.stat().st_size), facts_of(file, alternate), 1)
        return self.merged()

    def merged(self) -> GazetteerFile:
        path = self.folder / f"{len(self.opened)}.gazetteer"
        merge(self.base, path, self.imports.facts(), CODES, "merged", ordinary)
        self.opened.append(GazetteerFile(path))
        return self.opened[-1]

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    made = Importer(tmp_path)
    yield made
    made.imports.close()
    for one in made.opened:
        one.close()


def ids(found: GazetteerFile, name: str) -> list[str]:
    return [found.place(one.place).id for one in found.named(key(name))]


def above(found: GazetteerFile, identity: str) -> list[str]:
    place = found.by_id(identity)
    assert place is not None
    return [found.place(one).id for one in place.within]


def test_a_dump_adds_places_and_names(importer: Importer) -> None:
    dump = importer.write("SY.txt", "\n".join([
        line(8000001, "Maḩkān", 34.93, 40.51, names="Mahkan,محكان,mhkan", people="9000"),
        line(8000002, "Mayadin City", 35.02, 40.45, names="Al Mayadin,Mayadin"),
        line(8000003, "Al Omar Field", 35.1, 40.55, feature="S", code="OILF", names="حقل العمر"),
        line(8000004, "Gone", 35.1, 40.5, code="PPLH"),
    ]))  # fmt: skip
    found = importer(dump)
    assert ids(found, "محكان") == ["geonames:8000001"]
    assert above(found, "geonames:8000001") == ["geonames:170792", "country:SY"]
    assert ids(found, "Mayadin") == ["geonames:173480"]  # its id stays
    assert "Mayadin City" in found.names(found.named("mayadin")[0].place)
    (field,) = found.named(key("حقل العمر"))
    assert found.place(field.place).kind is Kind.SPOT
    assert found.by_id("geonames:8000004") is None
    assert found.origins() == {"SY.txt": (2, 1, 3)}
    assert found.longest("حقل") == 2
    assert [place.name for _, place in found.nearby(34.93, 40.51, 1)] == ["Maḩkān"]
    assert {found.place(one).id for one in found.spelt_like("mdn", "SY")} <= {"geonames:173480"}


def test_a_place_of_another_kind_or_far_away_is_another_one(importer: Importer) -> None:
    found = importer(importer.write("SY.txt", "\n".join([
        line(11, "Al Mayadin", 35.5, 40.45),
        line(12, "Al Mayadin", 35.02, 40.45, feature="S", code="AIRF"),
        line(13, "Nice", 43.7, 7.27, country="SY"),
    ])))  # fmt: skip
    assert found.origins() == {"SY.txt": (3, 0, 0)}


def test_a_zip_and_a_file_of_further_names(importer: Importer) -> None:
    packed = importer.folder / "SY.zip"
    with zipfile.ZipFile(packed, "w") as one:
        one.writestr("readme.txt", "about")
        one.writestr("SY.txt", line(21, "Koniko", 35.35, 40.25))
    names = "1\t21\tar\tكونيكو\n2\t21\tlink\thttps://x.example\n3\t21\ten\tConoco\n"
    found = importer(packed, alternate=importer.write("names.txt", names))
    assert ids(found, "كونيكو") == ids(found, "Conoco") == ["geonames:21"]
    assert len(found.names(found.named("conoco")[0].place)) == 3


def test_lists_of_governorates_districts_and_subdistricts(importer: Importer) -> None:
    names = ("governorates.json", "districts.json", "subdistricts.json")
    found = importer(*(DATA / name for name in names))
    assert found.origins()["governorates.json"][:2] == (1, 1)
    shaddadah = next(found.place(one.place) for one in found.named(key("Al-Shaddadah")))
    assert shaddadah.kind is Kind.ADMIN3
    chain = [found.place(one) for one in shaddadah.within]
    assert [(one.name, one.kind) for one in chain] == [
        ("Al-Hasakah", Kind.ADMIN2), ("Al-Hasakah", Kind.ADMIN1), ("Syria", Kind.COUNTRY),
    ]  # fmt: skip
    assert found.sources(shaddadah.number)[0][0] == "subdistricts.json"


def test_geojson(importer: Importer) -> None:
    square = [[[40, 35], [41, 35], [41, 36], [40, 36], [40, 35]]]
    features = [
        {"type": "Feature", "id": "node/1",
         "properties": {"name": "محكان", "name:en": "Mahkan", "place": "village"},
         "geometry": {"type": "Point", "coordinates": [40.51, 34.93]}},
        {"type": "Feature",
         "properties": {"ADM2_EN": "Abu Kamal", "ADM2_AR": "البوكمال", "ADM1_EN": "Deir ez-Zor",
                        "ADM2_PCODE": "SY0903", "ADM0_PCODE": "SY"},
         "geometry": {"type": "Polygon", "coordinates": square}},
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features})
    found = importer(importer.write("osm.geojson", text))
    assert ids(found, "Mahkan") == ["import:osm.geojson:node/1"]
    assert above(found, "import:osm.geojson:node/1")[-1] == "country:SY"  # of its neighbour
    area = found.by_id("import:osm.geojson:SY0903")
    assert area is not None
    assert (area.kind, area.lat, area.lon) == (Kind.ADMIN2, 35.5, 40.5)
    assert above(found, area.id) == ["geonames:170792", "country:SY"]
    assert ids(found, "Deir ez-Zor") == ["geonames:170792", "geonames:170794"]


def test_csv_with_any_delimiter(importer: Importer) -> None:
    text = (
        "\ufeffName;name_ar;Latitude;Longitude;country;in;kind;population\n"
        "Mahkan;محكان;34.93;40.51;Syria;Deir ez-Zor;village;9,000\n"
        "Green Village;القرية الخضراء;34.99;40.6;SY;;base;\n"
    )
    found = importer(importer.write("own.csv", text))
    (mahkan,) = ids(found, "محكان")
    assert mahkan == "import:own.csv:Mahkan@34.9300,40.5100"
    assert above(found, mahkan) == ["geonames:170792", "country:SY"]
    (green,) = found.named(key("Green Village"))
    place = found.place(green.place)
    assert (place.kind, place.country) == (Kind.SPOT, "SY")
    assert above(found, place.id) == ["geonames:170792", "country:SY"]  # its neighbour's


MISTAKES = {
    "columns.txt": ("1\tone\ttwo", "columns.txt:1: 3 columns, not the 19 of GeoNames"),
    "swapped.csv": ("name,lat,lon\nA,35,40\nB,120.5,35\n",
                    "swapped.csv:3: no place on earth: latitude 120.5, longitude 35 "
                    "(are latitude and longitude swapped?)"),
    "kind.csv": ("name,lat,lon,kind\nA,35,40,blob\n", "kind.csv:2: unknown kind 'blob'"),
    "more.csv": ("name,lat,lon\nA, the town,35,40\n",
                 "more.csv:2: 4 cells under 3 heads (put quotes around what has a delimiter"),
    "nowhere.csv": ("name,lat,lon\nA,,\n,1,2\n", "nowhere.csv:2: no coordinates"),
    "heads.csv": ("title,a,b\nA,1,2\n", "has no column name, lat, lon; its columns: title, a, b"),
    "broken.json": ("[{", "broken.json: is no JSON"),
    "other.json": ('{"a": 1}', "neither a GeoJSON FeatureCollection nor a list"),
    "unnamed.geojson": ('{"type": "FeatureCollection", "features": [{"properties": {}}]}',
                        "feature 1 has no name"),
    "places.docx": ("", "unknown ending '.docx'"),
    "SY.zip": ("PK", "SY.zip: is no zip file"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_bad_file_is_told_and_nothing_is_imported(importer: Importer, name: str) -> None:
    text, said = MISTAKES[name]
    with pytest.raises(RefusedError) as refused:
        importer(importer.write(name, text))
    assert said in str(refused.value)
    assert str(refused.value).endswith("Nothing was imported.")
    assert importer.imports.origins() == []
    assert list(importer.imports.facts()) == []


def test_another_encoding_is_told(importer: Importer) -> None:
    path = importer.folder / "arabic.csv"
    path.write_bytes("name,lat,lon\nمحكان,34.9,40.5\n".encode("cp1256"))
    with pytest.raises(RefusedError, match=r"is not UTF-8 .*: save it as UTF-8"):
        importer(path)
    path = path.rename(importer.folder / "SY.txt")
    with pytest.raises(RefusedError, match="is not UTF-8"):
        importer(path)


def test_of_many_bad_lines_some_are_told(importer: Importer) -> None:
    text = "name,lat,lon\n" + "A,x,y\n" * 50
    with pytest.raises(RefusedError) as refused:
        importer(importer.write("many.csv", text))
    assert str(refused.value).count("no coordinates") == 20
    assert "... and 30 more" in str(refused.value)


def test_a_newer_file_takes_the_place_of_the_older(importer: Importer) -> None:
    first = importer.write("SY.txt", line(31, "One", 34.9, 40.5) + "\n" + line(32, "Two", 34, 40))
    importer(first)
    version = imports_version(importer.folder / "data")
    assert ids(importer(first), "One") == ["geonames:31"]
    assert imports_version(importer.folder / "data") == version
    found = importer(importer.write("SY.txt", line(32, "Second", 34, 40)))
    assert (ids(found, "One"), ids(found, "Two")) == ([], [])
    assert ids(found, "Second") == ["geonames:32"]
    assert imports_version(importer.folder / "data") != version


def test_imports_are_removed_by_file_and_by_place(importer: Importer) -> None:
    importer(importer.write("a.txt", line(41, "One", 34.9, 40.5) + "\n" + line(42, "Two", 34, 40)))
    importer.imports.remove_facts([("a.txt", "41")])
    found = importer.merged()
    assert (ids(found, "One"), ids(found, "Two")) == ([], ["geonames:42"])
    assert importer.imports.remove("a.txt")
    assert not importer.imports.remove("a.txt")
    assert imports_version(importer.folder / "data") == ""
    assert ids(importer.merged(), "Two") == []


def test_the_same_place_of_two_files_is_one(importer: Importer) -> None:
    found = importer(
        importer.write("a.csv", "name,lat,lon,country,id\nMahkan,34.93,40.51,SY,a1\n"),
        importer.write("b.csv", "name,lat,lon,country,id\nMahkān; محكان,34.94,40.51,SY,b1\n"),
    )
    assert ids(found, "محكان") == ids(found, "Mahkan") == ["import:a.csv:a1"]
    (place,) = found.named("mahkan")
    assert [one[:3] for one in found.sources(place.place)] == [
        ("a.csv", "a1", True), ("b.csv", "b1", False),
    ]  # fmt: skip


def test_ten_thousand_lines_take_seconds(importer: Importer) -> None:
    lines = (
        line(9_000_000 + at, f"Tell Abu {at:05}", 33 + at % 100 / 25, 36 + at // 100 / 20,
             names=f"Tall Abu {at:05},تل أبو {chr(1600 + at % 40)}{at // 40}")
        for at in range(10_000)
    )  # fmt: skip
    dump = importer.write("many.txt", "\n".join(lines))
    start = time.process_time()
    found = importer(dump)
    assert time.process_time() - start < 20
    assert found.origins()["many.txt"][0] > 9_000


def test_facts_are_given_areas_first(importer: Importer) -> None:
    importer(importer.write("SY.txt", "\n".join([
        line(51, "Town", 35, 40, admin2="99"),
        line(52, "District", 35, 40, feature="A", code="ADM2", admin2="99"),
    ])))  # fmt: skip
    facts: list[Fact] = [fact for _, fact in importer.imports.facts()]
    assert [fact.name for fact in facts] == ["District", "Town"]
    chain: Any = above(importer.opened[-1], "geonames:51")
    assert chain == ["geonames:52", "geonames:170792", "country:SY"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("long.csv", 'name,lat,lon\n"' + "x" * 140_000 + '",35,40\n'),
        ("people.csv", "name,lat,lon,population\nAaqq,35,40,²\nBbqq,35,40," + "9" * 30 + "\n"),
        ("nothing.geojson", '{"type": "FeatureCollection", "features": [null]}'),
        ("deep.json", "[" * 100_000),
        ("marks.csv", "name,lat,lon\n...,35,40\n"),
    ],
)
def test_a_hostile_file_is_refused_or_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    try:
        facts = list(facts_of(tmp_path / name))
    except RefusedError:
        facts = []
    assert [fact.population for fact in facts] in ([], [0, 0])


def test_a_name_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('name,lat,lon\n"Aaqq\n Bbqq",35,40\n', encoding="utf-8")
    (fact,) = facts_of(tmp_path / "a.csv")
    assert fact.names[0].text == "Aaqq Bbqq"
