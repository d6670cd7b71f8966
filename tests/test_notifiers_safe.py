from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.notifiers import safe

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_N11_no_line_break_survives(mark: str) -> None:
    assert safe.line(f"a{mark}Bcc: x@example.org") == "a Bcc: x@example.org"


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("@everyone now", "@everyone"),
        ("@here", "@here"),
        ("<!channel>", "<!channel>"),
        ("<@U123>", "<@U123>"),
        ("<@&42>", "<@&42>"),
        ("@room", "@room"),
        ("<at>all</at>", "<at>"),
        ("[bbc.com](https://evil.example)", "]("),
        ("<https://evil.example|bbc.com>", "<https"),
    ],
)
def test_N09_N10_mentions_and_links_are_broken_invisibly(text: str, live: str) -> None:
    defused = safe.defused(text)
    assert live not in defused
    assert defused.replace(safe.WORD_JOINER, "") == text


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{0.__class__}", "%(x)s", "$(id)", "${HOME}", r"a\nb", ":smile:", "1 < 2"]
)
def test_N14_what_looks_like_a_template_stays_as_it_is(text: str) -> None:
    assert safe.defused(text) == text


@given(st.text())
def test_a_line_holds_no_control_and_no_direction_override(text: str) -> None:
    line = safe.line(text)
    assert not set(line) & set(BIDI)
    assert len(line.splitlines()) <= 1
    line.encode()  # no lone surrogate


def test_rtl_text_is_isolated_and_latin_text_is_left_alone() -> None:
    assert safe.isolated("غارة على Homs") == "\u2068غارة على Homs\u2069"
    assert safe.isolated("Strike on Homs") == "Strike on Homs"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ab👨‍👩‍👧 end", "👨‍👩‍👧"),
        ("abمُّ end", "مُّ"),
        ("ab👍🏽 end", "👍🏽"),
        ("ab🇸🇾🇱🇧 end", "🇸🇾"),
        ("ab漢字 end", "漢"),
    ],
)
def test_N08_a_cut_never_splits_what_is_seen_as_one(text: str, whole: str) -> None:
    for limit in range(1, len(text)):
        short = safe.cut(text, limit)
        assert len(short) <= limit
        kept = short.removesuffix("…")
        assert text.startswith(kept)
        rest = kept[2:]
        assert not rest or rest.startswith(whole)


def test_N08_a_flag_is_not_cut_in_two() -> None:
    assert safe.cut("🇸🇾🇱🇧", 4) == "🇸🇾🇱🇧"
    assert safe.cut("🇸🇾🇱🇧x", 4) == "🇸🇾…"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bbc.com@evil.example/a", "https://evil.example/a"),
        ("https://u:p@evil.example:8443/a", "https://evil.example:8443/a"),
        ("https://bаc.example/", "https://xn--bc-7kc.example/"),  # a Cyrillic а
        ("https://a.example/x y<b>|c\nd", "https://a.example/x%20y%3Cb%3E%7Cc%20d"),
        ("https://a.example/@everyone", "https://a.example/%40everyone"),
        ("https://a.example/خبر?q=%20x", "https://a.example/%D8%AE%D8%A8%D8%B1?q=%20x"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://a.example:99999/", ""),
        ("", ""),
    ],
)
def test_N10_a_link_shows_where_it_leads(url: str, shown: str) -> None:
    assert safe.link(url) == shown
