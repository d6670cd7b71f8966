"""`rasid places` as a person types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from daemon import rasid, rows
from test_places_import import DATA, line

from rasid.cli.places import command

FILES = [DATA / f"{name}.json" for name in ("governorates", "districts", "subdistricts")]


@pytest.fixture
def place(places_dir: Path) -> list[str]:
    """Return the options of a data folder with a gazetteer of its own."""
    return ["--config", str(places_dir / "none.yaml"), "--data-dir", str(places_dir)]


def test_places_are_found_and_shown(place: list[str]) -> None:
    found = rows(rasid("places", "find", "دير الزور", "--json", *place))
    assert [one["kind"] for one in found[:2]] == ["admin1", "town"]
    assert found[1]["id"] == "geonames:170794"
    (shown,) = rows(rasid("places", "show", "geonames:170794", "--json", *place))
    assert "دير الزور" in shown["names"]
    assert shown["within"].endswith("Syria")
    assert shown["map"].startswith("https://www.openstreetmap.org/?mlat=35.")
    assert shown["sources"] == ["comes with Rasid"]
    assert "names:       Deir ez-Zor" in rasid("places", "show", "geonames:170794", *place).stdout
    near = rows(rasid("places", "nearby", "35.02,40.45", "--km", 5, "--json", *place))
    assert near[0]["id"] == "geonames:173480"
    south = rasid("places", "nearby", "--json", *place, "--", "-33.87,151.21")
    assert rows(south)[0]["country"] == "AU"


def test_an_unknown_name_is_answered_with_the_nearest(place: list[str]) -> None:
    done = rasid("places", "find", "Deir ez-Zour", *place)
    assert done.stdout == ""
    assert "no place is called Deir ez-Zour; nearest: " in done.stderr
    assert rows(rasid("places", "find", "Xqzw", "--json", *place)) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("show", "geonames:0"), "no place has the id 'geonames:0'"),
        (("nearby", "91,0"), "no place on earth: 91,0; latitude comes first"),
        (("nearby", "Xqzw"), "neither LAT,LON nor a place"),
        (("remove", "x"), "nothing was imported"),
        (("import", "none.json"), "does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused(
    place: list[str], given: tuple[str, ...], said: str
) -> None:
    assert said in rasid("places", *given, *place, check=2).stderr


def test_what_countries_and_states_contain(place: list[str]) -> None:
    countries = rows(rasid("places", "tree", "--json", *place))
    assert len(countries) == 250
    states = rows(rasid("places", "tree", "country:SY", "--json", *place))
    assert [one["kind"] for one in states[:15]] == ["admin1"] * 14 + ["region"]
    assert "region:middle-east" in states[0]["regions"]


def test_an_import_from_beginning_to_end(place: list[str]) -> None:
    done = rasid("places", "import", *FILES, *place).stdout.splitlines()
    assert done[0].startswith("governorates.json: 2 places, 0 new, 2 merged with known ones")
    assert done[2].startswith("subdistricts.json: 15 places")
    again = rows(rasid("places", "import", *FILES, "--json", *place))
    assert [one["unchanged"] for one in again] == [True] * 3
    listed = rows(rasid("places", "list", "--json", *place))
    assert [one["origin"] for one in listed] == [
        "districts.json", "governorates.json", "subdistricts.json",
    ]  # fmt: skip
    found = rows(rasid("places", "find", "مركز الشدادي", "--json", *place))
    assert found[0]["id"] == "geonames:7895286"
    (shown,) = rows(rasid("places", "show", "geonames:7895286", "--json", *place))
    assert shown["sources"] == ["subdistricts.json: sy-al-hasakah-al-hasakah-shadadah"]
    (removed,) = rows(rasid("places", "remove", "geonames:7895286", "--json", *place))
    assert removed == {"removed": "geonames:7895286"}
    assert rows(rasid("places", "find", "مركز الشدادي", "--json", *place)) == []
    for name in ("districts.json", "governorates.json", "subdistricts.json"):
        rasid("places", "remove", name, *place)
    assert rows(rasid("places", "list", "--json", *place)) == []


def test_a_bad_file_stops_an_import(place: list[str], tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_text(line(1, "One", 34, 40) + "\nshort\n", encoding="utf-8")
    told = rasid("places", "import", path, *place, check=2).stderr
    assert f"{path}:2: 1 columns, not the 19 of GeoNames" in told
    assert "Nothing was imported." in told
    assert rows(rasid("places", "list", "--json", *place)) == []
    other = tmp_path / "other" / "SY.txt"
    other.parent.mkdir()
    other.write_text(line(1, "One", 34, 40), encoding="utf-8")
    assert "the same name" in rasid("places", "import", path, other, *place, check=2).stderr


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = ("--data-dir", tmp_path / "file" / "data")
    told = rasid("places", "find", "Paris", *place, check=1).stderr
    assert "choose another with --data-dir" in told
    assert "Traceback" not in told


def test_every_command_is_explained() -> None:
    page = (Path(__file__).parent.parent / "docs" / "places.md").read_text(encoding="utf-8")
    assert set(re.findall(r"rasid places (\w+)", page)) == set(command.commands)
