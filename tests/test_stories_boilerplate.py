"""Items of an outlet are not of one story because all of them end in the same line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from newsroom import item, make_newsroom

from rasid.cli import command
from rasid.models import Document
from rasid.stories.boilerplate import boilerplate, trimmed

TITLES = (
    "Airstrike on depot near Raqqa kills two",
    "Shelling of Taiz market wounds six",
    "Farmers protest fuel price in capital",
    "School exams begin in the north",
    "Museum reopens after repair works",
)


def said(title: str, how: str) -> str:
    return how.format(title=title)


@pytest.mark.parametrize(
    "how",
    [
        "The post {title} appeared first on Third News Network.",
        "Local sources reported it on Friday.",
        "Third News Network, your daily source of news: {title}",
        "ظهرت المقالة {title} أولا على موقع شبكة الأخبار الثالثة",
        "",
    ],
)
@pytest.mark.parametrize("restart", [False, True])
async def test_what_all_items_of_a_feed_say_makes_no_story(
    tmp_path: Path, how: str, restart: bool
) -> None:
    room = make_newsroom(tmp_path)
    items = [
        item(n, title, summary=said(title, how), published=None) for n, title in enumerate(TITLES)
    ]
    await room.show("front", items[:4])
    if restart:
        await room.storage.close()
        room = make_newsroom(tmp_path)
    await room.show("front", items)
    stories = await room.storage.read(lambda view: view.stories(since=0, limit=9))
    assert [one.items for one in stories] == [1] * 5
    await room.storage.close()


def test_only_what_many_items_begin_or_end_with_is_left_out() -> None:
    news = [
        f"Word{n} one two three, said a witness named w{n}. Read it on our site" for n in range(8)
    ]
    found = boilerplate(Document(str(n), summary=text) for n, text in enumerate(news))
    (first, second) = (found.trimmed(Document("x", "T", text)) for text in (news[0], "Other text"))
    assert first.summary == "Word0 one two three, said a witness named w0."
    assert (first.title, second.summary) == ("T", "Other text")
    few = boilerplate(Document(str(n), summary=text) for n, text in enumerate(news[:2]))
    assert few.trimmed(Document("x", "T", news[0])).summary == news[0]


def test_two_reports_of_a_long_feed_that_end_alike_are_left_as_they_are() -> None:
    texts = [f"report {n} of the day ends in words {n}" for n in range(20)]
    texts += [f"strike {n} kills five according to the Syrian Observatory" for n in range(4)]
    found = boilerplate(Document(str(n), summary=text) for n, text in enumerate(texts))
    assert found.trimmed(Document("x", summary=texts[-1])).summary == texts[-1]


@pytest.mark.parametrize("names", [{"outlet": "third"}, {"outlet": "third", "source": "front"}])
def test_what_all_items_of_an_outlet_in_a_file_say_makes_no_story(names: dict[str, str]) -> None:
    line = "Third News Network, your daily source of reliable news since nineteen ninety"
    items = [
        {"id": str(n), "title": title, "summary": f"{title}. {line}", **names}
        for n, title in enumerate(TITLES)
    ]
    assert _stories(items) == list("01234")
    assert _stories([{**one, "outlet": "", "source": ""} for one in items]) != list("01234")
    others = [{**one, "outlet": f"o{n}", "source": ""} for n, one in enumerate(items)]
    assert _stories(others) == _stories([{**one, "outlet": "", "source": ""} for one in items])


def _stories(items: list[dict[str, str]]) -> list[str]:
    lines = "".join(json.dumps(one) + "\n" for one in items)
    result = CliRunner().invoke(command, ["stories", "assign", "-", "--no-model", "--json"], lines)
    assert result.exit_code == 0
    return [json.loads(line)["story"] for line in result.stdout.splitlines()]


def test_a_long_file_is_learnt_from_in_parts_the_last_as_long_as_others() -> None:
    lines = ["Read it on our site today"] * 200 + ["All rights are with us alone"] * 201
    found = trimmed(
        [Document(str(n), summary=f"w{n} v{n} {line}", outlet="o") for n, line in enumerate(lines)]
    )
    assert [one.summary for one in found] == [f"w{n} v{n}" for n in range(401)]
