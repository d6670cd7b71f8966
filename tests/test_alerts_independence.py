"""How many reports are independent: owners, copies, and who cites whom."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from storage_samples import item

from rasid.alerts.gates.independence import Report, independent, languages
from rasid.alerts.gates.origins import Origins
from rasid.settings import Outlet

ORIGINS = Origins(
    {
        "sana": Outlet("sana", "SANA", group="state"),
        "paper": Outlet("paper", "تشرين", group="state"),
        "mayadeen": Outlet("mayadeen", "الميادين"),
        "enab": Outlet("enab", "Enab Baladi"),
    }
)


@pytest.mark.parametrize(
    ("title", "summary", "origin"),
    [
        ("مقتل خمسة في غارة نقلاً عن المرصد", "", "wire:sohr"),
        ("المرصد السوري: مقتل خمسة في غارة", "", "wire:sohr"),
        ("Strike kills five, according to SOHR", "", "wire:sohr"),
        ("Strike", "said the Syrian Observatory. According to the Syrian Observatory", "wire:sohr"),
        ("Cinq morts", "selon l’Observatoire syrien des droits de l'homme", "wire:sohr"),
        ("Strike kills five (Reuters)", "", "wire:reuters"),
        ("Strike kills five - Reuters", "", "wire:reuters"),
        ("غارة", "وكالات - رويترز: مقتل خمسة", "wire:reuters"),
        ("غارة", "وكالات - مقتل خمسة", "wire:agencies"),
        ("غارة", "ووفقاً لرويترز قتل خمسة", "wire:reuters"),
        ("Strike", "BEIRUT, Nov 3 (Reuters) - Five died", "wire:reuters"),
        ("Beş ölü", "Reuters'a göre beş kişi öldü", "wire:reuters"),
        ("Beş ölü", "İDLİB (AA) - Beş kişi öldü", "wire:anadolu"),
        ("غارة", "روما (آكي) - مقتل خمسة", "wire:adnkronos"),
        ("غارة", "قال المرصد الأورومتوسطي إن خمسة قتلوا", "wire:euro-med"),
        ("Удар", "по данным агентства Рейтер, погибли пять человек", "wire:reuters"),
        ("空袭", "据路透社报道,五人死亡", "wire:reuters"),
        ("غارة", "دمشق - سانا: مقتل خمسة", "group:state"),  # the wire is an outlet of a group
        ("غارة", "وقالت وكالة سانا إن خمسة قتلوا", "group:state"),
        ("غارة", "بحسب قناة الميادين فإن خمسة قتلوا", "outlet:mayadeen"),
        ("Strike", "Enab Baladi reported on Monday", "outlet:enab"),
        ("الميادين: غارة على البلدة", "", ""),  # a dateline: the town, not the channel
        ("غارة", "أفادت مصادر محلية في الميادين بمقتل خمسة", ""),
        ("Strike", "Five people died, local sources say", ""),
        ("Reuters reporter among five dead", "", ""),
    ],
)
def test_whom_an_item_cites(title: str, summary: str, origin: str) -> None:
    assert ORIGINS.of(replace(item("1", ""), title=title, summary=summary)) == origin


def test_a_byline_and_the_head_of_a_text_count_and_its_background_does_not() -> None:
    plain = replace(item("1", ""), title="Strike")
    assert ORIGINS.of(replace(plain, author="AFP")) == "wire:afp"
    assert ORIGINS.of(replace(plain, author="Alice Afpson of the AFP desk in the old town")) == ""
    assert ORIGINS.of(replace(plain, text="Five died. " * 9 + "(Reuters)")) == "wire:reuters"
    assert ORIGINS.of(replace(plain, text="Five died. " * 99 + "(Reuters)")) == ""


def test_who_owns_an_outlet() -> None:
    assert ORIGINS.owner("paper") == ORIGINS.owner("sana") == "group:state"
    assert ORIGINS.owner("enab") == "outlet:enab"
    assert ORIGINS.owner("nobody") == "outlet:nobody"
    assert ORIGINS.owner("reuters") == "wire:reuters"  # it is what others cite


def report(name: str, owner: str, origin: str = "", root: str = "") -> Report:
    return Report(name, int(name), owner, root or name, origin)


@pytest.mark.parametrize(
    ("reports", "count"),
    [
        ([("1", "a"), ("2", "b"), ("3", "c")], 3),
        ([("1", "a"), ("2", "a"), ("3", "b")], 2),  # one group twice
        ([("1", "a", "wire"), ("2", "b", "wire"), ("3", "c", "wire")], 1),
        ([("1", "wire"), ("2", "b", "wire")], 1),  # the wire itself, and who prints it
        ([("1", "a"), ("2", "b", "", "1"), ("3", "c", "", "1")], 1),  # copies
        ([("1", "a", "wire"), ("2", "b", "", "1"), ("3", "c", "wire")], 1),  # one of them cites
        ([("2", "b", "", "1"), ("3", "c", "", "1")], 1),  # of one that did not match
        ([("1", "a", "wire"), ("2", "b", "wire"), ("3", "a")], 2),  # a has something of its own
        ([("1", "a", "x"), ("2", "b", "x"), ("3", "a", "y")], 2),
    ],
)
def test_reports_that_depend_on_one_another_count_once(
    reports: list[tuple[str, ...]], count: int
) -> None:
    assert len(independent([report(*one) for one in reports])) == count


def test_no_choice_of_reports_is_larger_and_more_reports_are_never_fewer() -> None:
    rng = random.Random(7)
    for _ in range(200):
        reports = [
            report(str(n), rng.choice("abcd"), rng.choice(["", "x", "y", "z"])) for n in range(7)
        ]
        found = independent(reports)
        assert len(found) == _largest(reports)
        assert len(independent(reports[:-1])) <= len(found)


def _largest(reports: list[Report]) -> int:
    for size in range(len(reports), 0, -1):
        for some in itertools.combinations(reports, size):
            owners = {one.owner for one in some}
            voices = {one.origin or one.owner for one in some}
            if len(owners) == len(voices) == size:
                return size
    return 0


def test_languages_are_of_those_that_say_theirs() -> None:
    found = [Report("1", 1, "a", "1", "", one) for one in ("ar", "en", "ar", "")]
    assert languages(found) == 2
