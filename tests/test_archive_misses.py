"""Why a rule does not match: the clause that fails, what came nearest, the filter in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from newsroom import _cache

from rasid.archive.misses import Miss, explain_miss
from rasid.archive.subjects import from_file
from rasid.archive.verdict import judge
from rasid.config import load
from rasid.items.lines import BadLine
from rasid.models import Document
from rasid.rules import RuleIndex, compile_rules
from rasid.settings import DAY, HOUR, Config

CASES = [
    ("any: [قصف, strike]", "Rain in Idlib", 'any of "قصف", "strike"', ""),
    ("any: [strike]", "The strife goes on", "", '"strife" in the title'),
    ("any: [strike]", "قطار", '"strike" is not in title, summary or text', ""),
    ("all: [bridge, closed]", "The bridge", '"closed" is not in title', ""),
    ("any: [card], none: [game, ball]", "A card game", 'none: "game" is there', ""),
    ("any: [a1, b1, c1], at_least: 2", "a1", 'at least 2 of "a1", "b1", "c1"', '1 are there: "a1"'),
    ("query: 'strike NEAR/2 base'", "strike one two three four base", "NEAR/2", "4 words between"),
    ("query: 'strike NEAR/2 base'", "strike alone", "NEAR/2", '"base" is not in'),
    ("query: 'base ONEAR/2 strike'", "strike base", "ONEAR/2", "in the other order"),
    ("query: 'ATLEAST/3 strike'", "strike strike", "at least 3 times", "there 2 times"),
    ("regex: ['MQ-?9']", "MQ-10", "/MQ-?9/ is not in", ""),
    ("title: {any: [breaking]}, any: [strike]", "strike", '"breaking" is not in title', ""),
    ("any: [card], none: [game]", "A card of games", ', "games" in the title', ""),
    ("query: '(strike OR raid) NEAR/2 base'", "a base", "NEAR/2", 'missing: any of "strike", "ra'),
    ("any: ['air strike']", "an air strife", "", '"air strife" in the title'),
]  # fmt: skip


def compiled(folder: Path, rule: str) -> tuple[Config, RuleIndex]:
    path = folder / "rules.yaml"
    path.write_text(
        "version: 1\n"
        "outlets: [{id: sana, name: SANA, country: SY}, {id: paper, name: Paper, country: TR}]\n"
        "sources:\n"
        "  - {id: front, outlet: paper, url: 'https://paper.example/front'}\n"
        "  - {id: world, outlet: paper, url: 'https://paper.example/world'}\n"
        "receivers: [{id: desk, urls: ['console://']}]\n"
        f"rules: [{{id: r, {rule}, notify: [desk]}}]\n",
        encoding="utf-8",
    )
    config = load(path)
    return config, compile_rules(config, cache_dir=Path(_cache.name))


@pytest.mark.parametrize(("rule", "title", "clause", "nearest"), CASES)
def test_R08_a_miss_names_the_clause_and_what_came_nearest(
    tmp_path: Path, rule: str, title: str, clause: str, nearest: str
) -> None:
    _, index = compiled(tmp_path, rule)
    miss = explain_miss(index, "r", Document("1", title=title))
    assert miss is not None
    assert clause in miss.clause
    assert nearest in miss.nearest
    assert bool(nearest) == bool(miss.nearest)


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        ("query: 'title:(عاجل)'", '"عاجل" is not in title'),
        ("query: 'title:(عاجل OR خبر)'", 'any of title: "عاجل", title: "خبر"'),
        ("title: {any: [عاجل]}", '"عاجل" is not in title'),
    ],
)
def test_R08_a_word_that_stands_in_another_field_is_said_to(
    tmp_path: Path, rule: str, clause: str
) -> None:
    _, index = compiled(tmp_path, rule)
    miss = explain_miss(index, "r", Document("1", title="غارة", summary="عاجل من المدينة"))
    assert miss == Miss(clause, '"عاجل" stands in the summary, not in title')


def test_a_veto_is_said_to_be_one(tmp_path: Path) -> None:
    _, index = compiled(tmp_path, "any: [card], none: [game]")
    miss = explain_miss(index, "r", Document("1", title="card", summary="of games"))
    assert miss == Miss('none: "game" is there, "games" in the summary', veto=True)


def test_words_of_two_fields_are_not_near(tmp_path: Path) -> None:
    _, index = compiled(tmp_path, "query: 'strike NEAR/9 base'")
    miss = explain_miss(index, "r", Document("1", title="strike", text="base"))
    assert miss == Miss('"strike" NEAR/9 "base"', "both are there, but not in one field")


def test_a_match_has_no_miss(tmp_path: Path) -> None:
    config, index = compiled(tmp_path, "any: [قصف]")
    document = Document("1", title="لقصف")
    assert explain_miss(index, "r", document) is None
    verdict = judge(index, config.rules["r"], document, 0)
    assert verdict.matches
    assert verdict.match is not None
    assert verdict.match.evidence[0].text == "لقصف"


@pytest.mark.parametrize(
    ("filters", "given", "excluded"),
    [
        ("outlet: sana", {"outlet": "paper"}, "outlet paper; the rule asks for sana"),
        ("outlet: sana", {}, "outlet unknown; the rule asks for sana"),
        ("source: [front]", {"source": "world"}, "source world; the rule asks for front"),
        ("language: [ar, fa]", {"language": "en"}, "language en; the rule asks for ar, fa"),
        ("country: sy", {"outlet": "paper"}, "outlet paper is not of the countries"),
        ("published_within: 6h", {"published": 0}, "published 3 days ago; the rule asks for 6 h"),
    ],
)
def test_a_filter_that_keeps_an_item_out_is_named(
    tmp_path: Path, filters: str, given: dict[str, object], excluded: str
) -> None:
    config, index = compiled(tmp_path, f"any: [strike], {filters}")
    verdict = judge(
        index, config.rules["r"], Document("1", title="strike", **given), 3 * DAY + HOUR
    )
    assert verdict.match is not None
    assert not verdict.matches
    assert excluded in verdict.excluded


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("One. Two. Three.", "One.", "Two. Three."),
        ("العنوان\n\nالنص؟ نعم", "العنوان", "النص؟ نعم"),
        ("\ufeffهل قُصفت؟ نعم.", "هل قُصفت؟", "نعم."),
        ("空袭。之后", "空袭。", "之后"),
        ("Version 1.5 of it", "Version 1.5 of it", ""),
        ("", "", ""),
    ],
)
def test_the_first_sentence_of_a_plain_text_is_its_title(text: str, title: str, rest: str) -> None:
    assert from_file(Path("a.txt"), text.encode()) == [Document("a.txt", title=title, text=rest)]


def test_a_file_of_json_lines_gives_its_items() -> None:
    found = from_file(Path("a"), b'\n {"id": "1", "title": "One. Two."}\nno\n')
    assert found[0] == Document("1", title="One. Two.")
    assert isinstance(found[1], BadLine)
