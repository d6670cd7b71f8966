"""The founding example: air strikes near Al Mayadin, in ten languages, and what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rasid.cli import command

SEED = Path(__file__).parent.parent.parent / "shared/corpora/seed/orient-net-deir-ez-zor.txt"
RULES = """\
version: 1
settings: {time_zone: Asia/Damascus}
receivers: [{id: desk, urls: ["console://"]}]
lists:
  strike: [غارة, قصف, ضربة, استهداف, استهدف, هجوم, صاروخ, قذيفة, airstrike, "air strike", strike,
    shelling, bombardment, frappe, "hava saldırısı", بمباران, удар, авиаудар, обстріл, הפצצה,
    תקיפה, 空袭, 空爆]
places:
  - {id: omar, name: [حقل العمر, al-Omar field], at: {lat: 35.02, lon: 40.55},
     in: Deir ez-Zor governorate}
  - {id: conoco, name: [كونيكو, Conoco field], at: {lat: 35.33, lon: 40.31},
     in: Deir ez-Zor governorate}
  - {id: mahkan, name: [محكان, Mahkan], at: {lat: 34.97, lon: 40.50},
     in: Deir ez-Zor governorate}
  - {id: shaddadi, name: [الشدادي, al-Shaddadi], at: {lat: 36.06, lon: 40.73},
     in: Al-Hasakah governorate}
rules:
  - id: strike-deir-ez-zor
    any: [$strike]
    where: [Deir ez-Zor governorate, Al-Hasakah governorate]
    together: 30 words
    notify: [desk]
    examples:
      match: ["قصفت القوات الأمريكية موقعين في بادية الميادين"]
      no_match: ["مراسل الميادين: غارة على جنوب لبنان", "حصاد القمح في دير الزور"]
"""
STRIKES = {
    "ar": "قصفت طائرات أمريكية موقعين في بادية الميادين شرق دير الزور",
    "en": "US aircraft carried out an air strike near Al Mayadin, east of Deir ez-Zor",
    "fr": "Une frappe américaine près de Mayadine, à l'est de Deir ez-Zor, en Syrie",
    "ru": "Американская авиация нанесла удар по двум позициям в Дейр-эз-Зоре на востоке Сирии",
    "uk": "Американська авіація завдала удару: обстріл двох позицій у Дейр-ез-Зорі на сході Сирії",
    "tr": "ABD uçakları Suriye'nin doğusundaki Deyrizor'da iki mevziye hava saldırısı düzenledi",
    "he": "מטוסים אמריקאים ביצעו תקיפה על שתי עמדות בדיר א-זור שבמזרח סוריה",
    "fa": "بمباران دو موضع در دیرالزور در شرق سوریه توسط جنگنده‌های آمریکایی",
    "zh": "美军空袭叙利亚东部代尔祖尔省的两处据点",
    "ja": "米軍機がシリア東部デリゾールの2カ所を空爆した",
}
OTHERS = {
    "television": "مراسل الميادين: غارة على جنوب لبنان",
    "wheat": "حصاد القمح في دير الزور يبدأ هذا الأسبوع",
    "far": "اجتماع في دير الزور حول الزراعة. " + "كلمة " * 300 + "وفي العراق غارة على بغداد",
    "elsewhere": "An air strike hit Beirut, Lebanon",
}


@pytest.fixture
def place(tmp_path: Path, places_dir: Path) -> list[str]:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(places_dir)]


def rows(*arguments: str, items: list[dict[str, str]]) -> list[Any]:
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items)
    result = CliRunner().invoke(command, [*arguments, "--json"], input=lines)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def seed() -> dict[str, str]:
    if not SEED.exists():
        pytest.skip("../shared/corpora/seed is not there")
    title, _, text = SEED.read_text(encoding="utf-8").partition("\n")
    return {"id": "seed", "title": title, "text": text, "source": "orient"}


def test_its_examples_are_as_said(place: list[str]) -> None:
    result = CliRunner().invoke(command, ["check", *place])
    assert (result.exit_code, "3 of 3 examples" in result.stdout) == (0, True), result.output


def test_the_report_names_its_places(place: list[str]) -> None:
    (row,) = rows("places", "find", "--text", "-", *place, items=[seed()])
    by_place = {one["place"]: one for one in row["mentions"]}
    wanted = {"omar", "conoco", "mahkan", "shaddadi", "country:IQ", "country:SY"}
    assert by_place.keys() >= {*wanted, "geonames:173480", "geonames:170794"}
    assert "geonames:170017" not in by_place  # Hamas is no Hama
    mayadin = by_place["geonames:173480"]
    assert (mayadin["text"], mayadin["country"]) == ("الميادين", "SY")
    assert (mayadin["lat"], mayadin["lon"]) == (35.01982, 40.45154)
    assert mayadin["why"]


def test_the_report_matches_once_with_its_evidence(place: list[str]) -> None:
    (match,) = rows("match", *place, "-", items=[seed()])
    assert match["rule"] == "strike-deir-ez-zor"
    words = [one for one in match["evidence"] if one["kind"] == "word"]
    places = [one for one in match["evidence"] if one["kind"] == "place"]
    assert (words[0]["text"], words[0]["word"]) == ("قصفت", "قصف")
    assert {"الميادين", "دير الزور"} <= {one["text"] for one in places}
    assert places[0]["place"]["lat"]


@pytest.mark.parametrize("language", STRIKES)
def test_a_strike_in_ten_languages(place: list[str], language: str) -> None:
    items = [{"id": language, "title": STRIKES[language]}]
    (match,) = rows("match", *place, "-", items=items)
    kinds = {one["kind"] for one in match["evidence"]}
    assert (match["rule"], kinds) == ("strike-deir-ez-zor", {"word", "place"})


@pytest.mark.parametrize("story", OTHERS)
def test_what_is_another_story(place: list[str], story: str) -> None:
    assert rows("match", *place, "-", items=[{"id": story, "text": OTHERS[story]}]) == []


def test_lines_that_are_no_items_are_named(place: list[str]) -> None:
    given = ["places", "find", "--text", "-", *place, "--json"]
    lines = '{"id": "a", "title": "In Paris"}\nnonsense\n'
    result = CliRunner().invoke(command, given, input=lines)
    assert result.exit_code == 1
    assert ":2: not JSON" in result.stderr
    assert json.loads(result.stdout)["mentions"][0]["name"] == "Paris"


def test_a_name_or_a_file_is_asked_for(place: list[str]) -> None:
    result = CliRunner().invoke(command, ["places", "find", *place])
    assert (result.exit_code, "--text" in result.stderr) == (2, True)
