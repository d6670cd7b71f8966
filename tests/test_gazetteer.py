"""A gazetteer compiled to a file, opened, damaged, and asked."""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from few_places import ENTRIES, compiled, ordinary

from rasid.errors import StorageError, StorageFullError
from rasid.places.model import Kind, Means, Usage
from rasid.places.names import key
from storage import gazetteer_make, gazetteer_open
from storage.gazetteer import GazetteerFile
from storage.gazetteer_build import build
from storage.gazetteer_open import open_gazetteer
from storage.gazetteer_version import base_version


@pytest.fixture
def few(tmp_path: Path) -> Any:
    opened = compiled(tmp_path / "few.gazetteer")
    yield opened
    opened.close()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Compile few places where all of them would be; return what was made."""
    done: list[Path] = []

    def make(path: Path, version: str, stepped: Callable[[int], None]) -> None:
        done.append(path)
        build(path, ENTRIES, version, ordinary)
        stepped(1)

    monkeypatch.setattr(gazetteer_open, "make", make)
    return done


def ids(found: GazetteerFile, name: str) -> list[str]:
    return [found.place(one.place).id for one in found.named(key(name))]


def test_a_name_has_its_bearers_the_most_important_first(few: GazetteerFile) -> None:
    assert ids(few, "Deir ez-Zor") == ["geonames:170792", "geonames:170794"]
    assert ids(few, "ديرالزور") == ids(few, "دير الزور") == ids(few, "Deir ez-Zor")
    assert ids(few, "nowhere") == []
    (syrian,) = few.named("syrian")
    assert syrian.means is Means.DEMONYM
    (mayadin,) = few.named(key("ميادين"))
    assert mayadin.article


def test_a_place_tells_what_contains_it(few: GazetteerFile) -> None:
    town = few.by_id("geonames:170794")
    assert town is not None
    above = [few.place(one).id for one in town.within]
    assert above == ["geonames:170793", "geonames:170792", "country:SY"]
    assert (town.kind, town.country, town.population) == (Kind.TOWN, "SY", 271800)
    assert few.by_id("geonames:0") is None
    with pytest.raises(KeyError):
        few.place(10_000)
    assert [one.id for one in few.inside(above_number(few))] == [
        "geonames:170793",
        "geonames:173480",
    ]


def above_number(few: GazetteerFile) -> int:
    found = few.by_id("geonames:170792")
    assert found is not None
    return found.number


def test_words_that_begin_names(few: GazetteerFile) -> None:
    assert (few.longest("deir"), few.longest("deir ez"), few.longest("zor")) == (4, 4, 0)
    assert (few.usage("nice"), few.usage("deir")) == (Usage(1), Usage())
    bones = few.spelt_like("drzr", "SY")
    assert {few.place(one).id for one in bones} >= {"geonames:170794"} or bones == ()


@pytest.mark.parametrize(
    ("lat", "lon", "km", "expected"),
    [
        (-16.76, 179.99, 20, ["Waiyevo", "Naselesele"]),  # across the date line
        (-16.74, -179.96, 20, ["Naselesele", "Waiyevo"]),
        (-90, 120, 1, ["South Pole Station"]),
        (-89.99, -100, 10, ["South Pole Station"]),
        (90, 0, 20, ["Alert"]),
        (35.3, 40.1, 10, ["Deir ez-Zor"]),  # the area of that name is at no point
        (0, 0, 50, []),
    ],
)
def test_places_nearby(
    few: GazetteerFile, lat: float, lon: float, km: float, expected: list[str]
) -> None:
    found = few.nearby(lat, lon, km)
    assert [place.name for _, place in found] == expected
    assert all(distance <= km for distance, _ in found)


def test_any_number_of_threads_ask_at_once(few: GazetteerFile) -> None:
    wrong: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(200):
                few.named.cache_clear()
                assert len(few.named("deir ez zor")) == 2
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_it_is_compiled_once_and_others_of_its_kind_go(tmp_path: Path, made: list[Path]) -> None:
    cache = tmp_path / "data" / "cache"
    cache.mkdir(parents=True)
    (cache / "places-old.gazetteer").touch()
    (cache / "places-old.gazetteer.4711").touch()
    (cache / "config-1.msgpack").touch()
    for _ in range(2):
        open_gazetteer(cache).close()
    assert len(made) == 1
    left = {path.name for path in cache.iterdir()}
    assert left == {f"places-{base_version()}.gazetteer", "places.lock", "config-1.msgpack"}
    open_gazetteer(cache, anew=True).close()
    assert len(made) == 2


def test_two_that_need_it_at_once_compile_it_once(tmp_path: Path, made: list[Path]) -> None:
    found: list[str] = []
    together = threading.Barrier(2)

    def need() -> None:
        together.wait()
        opened = open_gazetteer(tmp_path / "data" / "cache")
        found.append(opened.version)
        opened.close()

    threads = [threading.Thread(target=need) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), found) == (1, [base_version()] * 2)


@pytest.mark.parametrize("cut", [0, 100, 5000, -4096])
def test_a_damaged_file_is_compiled_again(
    tmp_path: Path, made: list[Path], caplog: pytest.LogCaptureFixture, cut: int
) -> None:
    cache = tmp_path / "data" / "cache"
    open_gazetteer(cache).close()
    (path,) = cache.glob("*.gazetteer")
    path.write_bytes(path.read_bytes()[:cut])
    with caplog.at_level(logging.WARNING):
        opened = open_gazetteer(cache)
    assert ids(opened, "Nice") == ["geonames:1"]
    opened.close()
    assert len(made) == 2
    assert "compiling it again" in caplog.text


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, made: list[Path]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"file/cache: .* choose another with --data-dir"):
        open_gazetteer(tmp_path / "file" / "cache")
    assert made == []


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: Any) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        compiled(tmp_path / "few.gazetteer")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        ("import sys; sys.exit(28)", StorageFullError, "no space left for the gazetteer"),
        ("import sys; print('no data', file=sys.stderr); sys.exit(1)", StorageError, "no data"),
        ("import os; os.kill(os.getpid(), 9)", StorageError, "ended with -9"),
    ],
)
def test_what_a_compiling_process_says_is_told(
    tmp_path: Path, monkeypatch: Any, script: str, error: type[Exception], said: str
) -> None:
    monkeypatch.setattr(gazetteer_make, "MODULE", ["-c", script])
    with pytest.raises(error, match=said):
        gazetteer_make.make(tmp_path / "x", "1", lambda _: None)


def test_the_gazetteer_of_the_world(compiled_places: Path) -> None:
    world = GazetteerFile(compiled_places)
    assert "geonames:170654" in ids(world, "دمشق")
    assert ids(world, "London")[0] == "geonames:2643743"
    virginia = next(world.place(one.place) for one in world.named("virginia"))
    assert (virginia.kind, virginia.country) == (Kind.ADMIN1, "US")
    assert virginia.lat == pytest.approx(37.9, abs=0.5)
    assert len(world.countries()) == 250
    assert all(one.lat is not None for one in world.countries())
    reading, mexico = world.usage("reading"), world.usage("mexico")
    assert (reading.languages & 1, mexico.languages) == (1, 0)
    assert world.usage("عاليه").often > world.usage("حلب").often > world.usage("قامشلي").often > 300
    assert compiled_places.stat().st_size < 130_000_000
    world.close()
