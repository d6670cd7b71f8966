"""Selectors that are proposed for a list page: they read the news and not the menus."""

from __future__ import annotations

import json

import pytest

from crawler import kinds
from crawler.records import SUGGESTION, ParseHints, ParseOutcome
from rasid.models import PollReason
from rasid.settings import Select

TITLES = [f"A headline of the day, number {n}" for n in "abcdef"]
MENU = "<nav>" + "".join(f"<a href='/s{n}'>A long name of a section {n}</a>" for n in range(9))
ASIDE = "</nav><ul class='side'>" + "".join(
    f"<li><a href='/t{n}'>Tag {n}</a></li>" for n in range(9)
)


def read(items: str) -> ParseOutcome:
    body = f"<html><body>{MENU}{ASIDE}</ul><div id='x'>{items}</div></body></html>"
    return kinds.parse(body.encode(), ParseHints(url="https://outlet.example/", kind=SUGGESTION))


SHAPES = {
    "cards": (
        "<div class='card c{n}'><a href='/{n}'><img></a><h3><a href='/{n}'>{title}</a></h3>"
        "<time datetime='2026-02-01'></time><p>Words</p></div>",
        {"item": "div.card"},
    ),
    "category first": (
        "<article class='post'><a class='cat' href='/world'>World</a>"
        "<a class='headline' href='/{n}'>{title}</a></article>",
        {"item": "article.post", "title": "a.headline", "link": "a.headline"},
    ),
    "bare links": ("<a class='row' href='/{n}'>{title}</a>", {"item": "a.row"}),
    "no classes": (
        "<section><h2><a href='/{n}'>{title}</a></h2></section>",
        {"item": "div > section"},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_proposal_reads_every_title_and_no_menu(shape: str) -> None:
    row, chosen = SHAPES[shape]
    outcome = read("".join(row.format(n=n, title=title) for n, title in enumerate(TITLES)))
    assert outcome.feed is not None, outcome
    assert [item.title for item in outcome.feed.items] == TITLES
    assert json.loads(outcome.detail) == chosen
    assert Select(**json.loads(outcome.detail))


@pytest.mark.parametrize("items", ["", "<p>One <a href='/1'>link of some length</a></p>"])
def test_a_page_without_a_list_gets_no_proposal(items: str) -> None:
    outcome = read(items)
    assert (outcome.feed, outcome.reason) == (None, PollReason.NOTHING_FOUND)


def test_P06_elements_with_names_that_are_none_break_no_selector() -> None:
    link = "<a href='/{0}'>A headline of the day, number {0}</a>"
    outcome = read("".join(f"<x<y>{link.format(n)}</x<y>" for n in range(5)))
    assert outcome.feed is not None, outcome
    assert len(outcome.feed.items) == 5
