from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from rasid.models import Alert, Notification
from rasid.notifiers.frame import frame
from rasid.notifiers.gates import headline
from rasid.notifiers.style import Style
from rasid.notifiers.text import clock_text, cost, render, short_id

AT = 1_795_431_900_000_000  # 2026-11-23 11:05 UTC


def alert(number: int = 1, *, rule: str = "strikes", item: str = "I1", **facts: Any) -> Alert:
    base = {
        "kind": "item",
        "outlet": "SANA",
        "title": "Strike on Deir ez-Zor",
        "link": "https://sana.example/1",
        "published": AT,
        "first_seen": AT,
        "excerpts": [
            {
                "field": "summary",
                "text": "that a strike hit",
                "spans": [[7, 13]],
                "before": True,
                "after": True,
            }
        ],
    }
    name = f"01JDALERT{number:017d}"
    return Alert(name, rule, "h", "desk/a", "desk", f"item:{item}", AT, base | facts)


def body(*alerts: Alert, limit: int = 4000, show: str = "full", zone: str = "Asia/Damascus") -> str:
    notification = Notification("N1", "desk/a", alerts, AT, 0, "t")
    return render(notification, time_zone=zone, limit=limit, show=show).body


def test_an_alert_says_what_where_when_why() -> None:
    assert body(alert()).splitlines() == [
        "Strike on Deir ez-Zor",
        "SANA, 2026-11-23 14:05 Damascus (11:05 UTC)",
        "…that a ‹strike› hit…",
        "https://sana.example/1",
        "Rule strikes, alert 0000000001",
    ]


def test_time_is_shown_in_utc_alone_where_that_is_the_zone() -> None:
    for zone in ("UTC", "Etc/UTC"):
        assert clock_text(AT, zone) == "2026-11-23 11:05 UTC"
    assert "New York" in clock_text(AT, "America/New_York")


def test_a_date_out_of_range_falls_back_to_when_it_was_seen() -> None:
    assert "seen 2026-11-23 14:05" in body(alert(published=10**18))
    assert "seen 2026-11-23 14:05" in body(alert(published=None))


def test_discreet_tells_neither_rule_nor_words() -> None:
    text = body(alert(rule="secret-rule"), show="discreet")
    assert "secret-rule" not in text
    assert "‹" not in text
    assert "https://sana.example/1" in text
    assert "Alert 0000000001" in text


def test_arabic_lines_are_isolated() -> None:
    excerpt = {"field": "title", "text": "قصف", "spans": [[0, 3]], "before": False, "after": False}
    lines = body(alert(title="قصف على \u202eدمشق", outlet="سانا", excerpts=[excerpt])).splitlines()
    assert lines[0] == "\u2068قصف على دمشق\u2069"
    assert lines[1].startswith("\u2068سانا\u2069, ")
    assert lines[2] == "\u2068‹قصف›\u2069"


@pytest.mark.parametrize("text", ["{{7*7}}", "{0.__class__}", "%(x)s", "$(id)", r"\n\u0041"])
def test_N14_feed_text_is_data(text: str) -> None:
    assert body(alert(title=text)).splitlines()[0] == text


def test_N11_a_title_cannot_leave_its_line() -> None:
    evil = "a\r\nBcc: x@example.org\u2028b\x85c\x0bd"
    notification = Notification("N1", "desk/a", (alert(title=evil, outlet=evil),), AT, 0, "t")
    message = render(notification, time_zone="UTC", limit=4000, show="full")
    assert len(message.title.splitlines()) == 1
    assert len(message.body.splitlines()) == 5


@pytest.mark.parametrize("limit", [4000, 2000, 500, 200, 120])
def test_N08_a_long_text_is_cut_and_keeps_its_link(limit: int) -> None:
    long = "👨‍👩‍👧漢字 & <b>" * 12_000
    excerpt = {"field": "text", "text": long, "spans": [[0, 2]], "before": True, "after": True}
    text = body(alert(title=long, excerpts=[excerpt] * 3), limit=limit)
    assert cost(text) <= limit
    assert "https://sana.example/1" in text
    assert "0000000001" in text


def test_N08_not_even_a_monstrous_link_breaks_the_limit() -> None:
    text = body(alert(link="https://a.example/" + "x" * 5000), limit=140)
    assert cost(text) <= 140
    assert "0000000001" in text


def test_N21_each_of_several_items_is_listed_with_its_id() -> None:
    alerts = [alert(n, item=f"I{n}", title=f"Title {n}") for n in range(10)]
    text = body(*alerts, limit=6000)
    for one in alerts:
        assert short_id(one.id) in text
        assert one.facts["title"] in text


def test_N21_ids_stay_when_little_fits() -> None:
    alerts = [alert(n, item=f"I{n}", title="T" * 300) for n in range(3)]
    text = body(*alerts, limit=400)
    assert all(short_id(one.id) in text for one in alerts)
    assert cost(text) <= 400


def test_two_rules_on_one_item_share_a_block() -> None:
    text = body(alert(1, rule="one"), alert(2, rule="two"))
    assert text.count("https://sana.example/1") == 1
    assert "Rule one, two, alerts 0000000001, 0000000002" in text


def test_trouble_is_told_with_its_text() -> None:
    facts = {"kind": "trouble", "what": "dead_letter", "text": "3 alerts for desk were given up"}
    one = Alert("01JD" + "0" * 22, "", "", "ops/a", "ops", "trouble:dead_letter:x", AT, facts)
    text = body(one)
    assert "3 alerts for desk were given up" in text
    assert "Rule" not in text


def notice(**facts: object) -> Alert:
    facts = {"kind": "notice", "what": "rule", **facts}
    return Alert("01JD" + "0" * 22, "secret", "", "desk/a", "desk", "notice:rule:x:1", AT, facts)


TITLES = [
    {"outlet": "SANA", "title": f"قصف {n}", "link": f"https://sana.example/{n}"} for n in range(3)
]


def test_a_notice_lists_its_titles_with_their_links() -> None:
    one = notice(text="rule secret is in force: 12 match", titles=TITLES)
    lines = body(one).splitlines()
    assert lines[0] == "Rasid: rule secret is in force: 12 match"
    assert lines[2::2] == [f"https://sana.example/{n}" for n in range(3)] + lines[8:9]
    assert "Rule" not in lines[-1]
    assert (
        render(
            Notification("N", "desk/a", (one,), AT, 0, "t"),
            time_zone="UTC",
            limit=2000,
            show="full",
        ).title
        == "Rasid: rule secret is in force: 12 match"
    )


def test_the_name_of_a_rule_does_not_direct_an_arabic_line() -> None:
    facts = {"what": "silent", "rule": "taiz", "since": AT, "down": 0, "sources": 1}
    line = headline(facts, Style(words=frame("ar")))
    outside = re.sub("\u2068.*?\u2069", "", line)
    strong = [unicodedata.bidirectional(one) for one in outside]
    assert "taiz" in line
    assert next(one for one in strong if one in ("L", "R", "AL")) == "AL"


def test_a_discreet_notice_names_no_rule() -> None:
    one = notice(text="rule secret is in force", discreet="a rule is in force", titles=TITLES)
    text = body(one, show="discreet")
    assert "a rule is in force" in text
    assert "secret" not in text


def test_a_notice_and_trouble_fit_into_an_sms() -> None:
    long = "the database cannot be written, polling pauses: " + "x" * 300
    for kind in ("trouble", "notice"):
        text = body(notice(kind=kind, text=long, titles=TITLES), limit=140)
        assert text.startswith("Rasid: the database cannot be written")
        assert "0000000000" in text


def test_a_notice_cannot_be_marked_up_by_what_it_quotes() -> None:
    title = {
        "outlet": "<!channel>",
        "title": "@everyone\n[x](https://evil.example)",
        "link": "javascript:x",
    }
    text = body(notice(text="@here", titles=[title]))
    assert "@everyone" not in text
    assert "@here" not in text
    assert "<!channel>" not in text
    assert "](" not in text
    assert "javascript" not in text
