"""Lists, languages and templates of a receiver."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from test_notifiers_text import AT, alert

from rasid import layouts
from rasid.alerts.lanes import LIMITED, digest_lane, quiet_lane
from rasid.models import Alert, Message, Notification
from rasid.notifiers.frame import frame
from rasid.notifiers.text import cost, render, short_id

DIGEST = digest_lane("2026-11-27T07:00")
PAGE = {"html", "head", "meta", "title", "body", "h1", "h2", "ul", "li", "a", "small", "br", "code"}
EVIL = "<script>alert(1)</script> {{7*7}} & @everyone"


def message(*alerts: Alert, lane: str = DIGEST, limit: int = 20_000, **style: Any) -> Message:
    notification = Notification("N1", "desk/a", alerts, AT, 0, "t", lane=lane)
    return render(
        notification,
        time_zone="Asia/Damascus",
        limit=limit,
        show=style.pop("show", "full"),
        **style,
    )


def bare(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


class Tags(HTMLParser):
    """The start tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


# --- lists -------------------------------------------------------------------------------


def test_a_list_has_a_heading_and_an_entry_for_each_item() -> None:
    many = [alert(n, item=f"I{n}", title=f"Title {n}") for n in range(2)]
    assert message(*many).body.splitlines() == [
        "Digest of 2026-11-27 07:00 (items: 2)",
        "",
        "strikes",
        "• Title 0",
        "SANA, 2026-11-23 14:05 Damascus (11:05 UTC), 0000000000",
        "https://sana.example/1",
        "• Title 1",
        "SANA, 2026-11-23 14:05 Damascus (11:05 UTC), 0000000001",
        "https://sana.example/1",
    ]


def test_the_gravest_come_first_and_an_item_once() -> None:
    text = message(
        alert(1, rule="calm", item="I1", title="One", severity="low"),
        alert(2, rule="storm", item="I2", title="Two", severity="high"),
        alert(3, rule="calm", item="I2", title="Two", severity="low"),
    ).body
    assert text.index("storm, calm") < text.index("• Two") < text.index("• One")
    assert text.count("• Two") == 1
    assert "items: 2" in text


@pytest.mark.parametrize("limit", [20_000, 4_000, 2_500])
def test_N06_N08_every_item_is_listed_however_little_room_there_is(limit: int) -> None:
    link = "https://sana.example/" + "x" * 300
    many = [alert(n, item=f"I{n}", title=f"{n} " + "قصف" * 80, link=link) for n in range(22)]
    text = message(*many, limit=limit).body
    assert cost(text) <= limit
    assert all(short_id(one.id) in text for one in many)


LINK = "https://rasid.example/ack/list.01M.1.x"


@pytest.mark.parametrize("limit", [20_000, 2_500, 700])
def test_N08_a_link_for_all_of_a_list_takes_no_items_place(limit: int) -> None:
    many = [alert(n, item=f"I{n}", title=f"{n} " + "قصف" * 80) for n in range(22)]
    told = message(*many, lane=quiet_lane("2026-11-26"), limit=limit, ack_link=lambda _told: LINK)
    assert cost(told.body) <= limit
    assert all(short_id(one.id) in told.body for one in many)
    assert told.body.endswith(f"\n\nAcknowledge all of these: {LINK}") is (limit > 700)
    assert f'<p><a href="{LINK}">Acknowledge all of these</a></p>' in told.html


def test_a_discreet_list_names_no_rule() -> None:
    told = message(alert(1, rule="secret"), show="discreet")
    assert "secret" not in told.body + told.html + told.title


def test_each_kind_of_list_says_what_it_is() -> None:
    heads = [
        message(alert(), lane=lane).title for lane in (DIGEST, quiet_lane("2026-11-26"), LIMITED)
    ]
    assert heads == [
        "Digest of 2026-11-27 07:00 (items: 1)",
        "Held in the quiet hours since 2026-11-26 (items: 1)",
        "More than the limit lets through one by one (items: 1)",
    ]


def test_N14_a_page_of_mail_escapes_what_a_feed_says() -> None:
    page = message(alert(title=EVIL, outlet=EVIL, link="javascript:alert(1)", rule="<b>")).html
    assert {tag for tag, _ in Tags(page).found} <= PAGE
    assert "javascript:" not in page


def test_a_page_runs_from_right_to_left_where_its_words_do() -> None:
    arabic = Tags(message(alert(title="قصف"), language="ar").html).found
    english = Tags(message(alert(title="قصف")).html).found
    assert next(found for tag, found in arabic if tag == "html") == {"lang": "ar", "dir": "rtl"}
    assert next(found for tag, found in english if tag == "html") == {"lang": "en", "dir": "ltr"}
    assert all(found["dir"] == "auto" for tag, found in arabic + english if tag == "li")


# --- languages ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Rule strikes, alert 0000000001"),
        ("ar", "القاعدة strikes، التنبيه 0000000001"),
        ("fr", "Règle strikes, alerte 0000000001"),
        ("de", "Rule strikes, alert 0000000001"),
    ],
)
def test_the_words_around_an_item_are_of_the_language_asked_for(language: str, said: str) -> None:
    place = {"text": "", "name": "B", "kind": "town", "lat": 1.0, "lon": 2.0, "km": 5, "from": "C"}
    changes = [{"field": "title", "before": "Then", "numbers": ["1 → 2"]}]
    found = alert(published=None, places=[place], changes=changes)
    text = bare(message(found, lane="", language=language).body)
    words = frame(language)
    assert text.splitlines()[-1] == said
    assert f"{words.was}Then" in text
    assert f"{words.now}1 {'←' if language == 'ar' else '→'} 2" in text  # as one reads
    assert words.town in text
    assert words.far.format(km="5", place="C") in text
    assert words.seen in text


# --- templates ---------------------------------------------------------------------------


def test_a_template_replaces_what_is_said_of_an_item() -> None:
    layout = (
        "{{ severity|upper }} {{ title }}{% for word in tags %} #{{ word }}{% endfor %}\n{{ link }}"
    )
    found = alert(severity="high", tags=["syria", "air"])
    text = message(found, lane="", layout=layout).body
    assert text == "HIGH Strike on Deir ez-Zor #syria #air\nhttps://sana.example/1"


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{% for a in b %}", "{0.__class__}", "%(x)s", "$(id)", "{# x #}"]
)
def test_N14_feed_text_is_no_template(text: str) -> None:
    found = message(alert(title=text), lane="", layout="{{ title }}|{{ outlet }}").body
    assert found == f"{text}|SANA"


def test_N09_a_template_gets_text_that_is_harmless() -> None:
    text = message(alert(title=EVIL), lane="", layout="{{ title }}").body
    assert "@everyone" not in text
    assert text.replace("\u2060", "") == EVIL


def test_a_discreet_template_is_told_neither_rules_nor_words() -> None:
    layout = (
        "{{ rule }}{{ rules|join }}{{ excerpts|join }}{{ tags|join }}{{ severity }}|{{ title }}"
    )
    found = alert(rule="secret", tags=["secret"], severity="secret")
    assert message(found, lane="", layout=layout, show="discreet").body == "|Strike on Deir ez-Zor"


def test_N08_a_template_that_says_too_much_gives_way_to_link_and_id() -> None:
    text = message(alert(), lane="", layout="{{ title }}" * 300, limit=200).body
    assert text == "https://sana.example/1\nAlert 0000000001"


WRONG = {
    "{{ title }}\n{{ tilte }}": 'line 2 of the template: no value is called "tilte"',
    "{% if title %}": "line 1 of the template: ",
    "{{ title|shell }}": 'there is no filter "shell"',
    "{{ title is odd }}": 'there is no test "odd"',
    "{{ title.__class__ }}": '".__class__" is not allowed',
    "{{ title['__class__'] }}": "cannot be filled in",
    "{{ ''.join(tags) }}": "call is not allowed",
    "{{ range(9) }}": "call is not allowed",
    "{{ 9 ** 9 ** 9 }}": "pow is not allowed",
    "{{ title * 999999999 }}": "mul is not allowed",
    "{% set a = title %}": "assign is not allowed",
    "{% include '/etc/passwd' %}": "include is not allowed",
    "{% macro a() %}{% endmacro %}": "macro is not allowed",
    "{% for a in title %}{% endfor %}": "for is for lists alone",
    "{% for a in tags %}" * 3 + "{% endfor %}" * 3: "for stands too deep",
    "{{ title[1] }}" * 1_000: "longer than 4000 characters",
}


@pytest.mark.parametrize("text", list(WRONG))
def test_N14_a_template_can_do_nothing_but_show(text: str) -> None:
    found = layouts.problem(text)
    assert found is not None
    assert WRONG[text] in found.message


def test_N14_what_a_template_becomes_has_an_end() -> None:
    wide = "{% for a in excerpts %}{% for b in excerpts %}{{ title }}{% endfor %}{% endfor %}"
    assert layouts.problem(wide) is None
    values = {**layouts.SAMPLE, "excerpts": ["x"] * 1_000, "title": "T" * 300}
    assert len(layouts.render(wide, values)) == layouts.MOST
