"""Link keys: what is one page and what is two."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.items.links import link_key

CORPUS = Path(__file__).parents[2] / "shared" / "corpora" / "links" / "pairs.json"
A = "https://news.example/a"

SAME = [
    (A, "http://news.example/a"),
    (A, "HTTPS://NEWS.Example:443/a"),
    (A, "https://www.news.example/a/"),
    (A, "https://m.news.example/a"),
    (A, "https://amp.news.example/a"),
    (A, "https://news.example/a?utm_source=x&utm_medium=rss"),
    (A, "https://news.example/a?fbclid=1&gclid=2&yclid=3&mc_cid=4"),
    (A, "https://news.example/a?amp"),
    (A, "https://news.example/a/amp/"),
    (A, "https://news.example/amp/a"),
    (A, "https://news.example/a?ref=homepage"),
    (A, "https://news.example/a?from=rss"),
    (A, "https://news.example/a#comments"),
    (A, "https://news.example//x/../a"),
    (A, "https://news.example/a;jsessionid=1A2B"),
    (A, "https://www.google.com/url?sa=t&url=https%3A%2F%2Fnews.example%2Fa"),
    (A, "https://news-example.cdn.ampproject.org/c/s/news.example/a"),
    (A, "https://www.google.com/amp/s/news.example/a"),
    (A, "https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa&h=x"),
    ("https://news.example/a?x=1&y=2", "https://news.example/a?y=2&x=1"),
    ("https://news.example/خبر", "https://news.example/%D8%AE%D8%A8%D8%B1"),
    ("https://وكالة.example/a", "https://xn--mgbe0ffr.example/a"),
    ("https://youtu.be/abc", "https://www.youtube.com/watch?v=abc&feature=youtu.be"),
    ("https://t.me/s/agency/77", "https://t.me/agency/77"),
    ("https://ar.wikipedia.org/wiki/x", "https://ar.m.wikipedia.org/wiki/x"),
]
DIFFERENT = [
    (A, "https://news.example/b"),
    (A, "https://news.example/A"),
    (A, "https://shop.news.example/a"),
    (A, "https://news.example:8443/a"),
    ("https://news.example/?p=1", "https://news.example/?p=2"),
    ("https://news.example/x?id=1", "https://news.example/x?id=2"),
    ("https://news.example/x?article=1", "https://news.example/x?article=2"),
    ("https://news.example/x?ref=1", "https://news.example/x?ref=2"),
    ("https://news.example/x?source=reuters", "https://news.example/x?source=afp"),
    ("https://news.example/x?lang=ar", "https://news.example/x?lang=en"),
    ("https://news.example/#!/story/1", "https://news.example/#!/story/2"),
    ("https://news.example/a%2Fb", "https://news.example/a/b"),
    ("https://news.example/a;id=1", "https://news.example/a;id=2"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_D05_one_page_has_one_key(one: str, other: str) -> None:
    assert link_key(one) == link_key(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_D05_two_pages_have_two_keys(one: str, other: str) -> None:
    assert link_key(one) != link_key(other)


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "data:text/html,x", "ftp://e.example/", "http://", "//x/y",
            "http://[::1", "http://e.example:99999/"],
)  # fmt: skip
def test_no_key_for_what_is_no_web_address(url: str) -> None:
    assert link_key(url) == ""


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_has_a_key_and_keys_are_stable(text: str) -> None:
    key = link_key(f"https://e.example/{text}")
    assert not key or link_key(f"https://{key}") == link_key(f"http://{key}")


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpora are not beside the project")
def test_D05_every_pair_of_the_corpus_is_right() -> None:
    pairs = json.loads(CORPUS.read_text("utf-8"))
    wrong = [p for p in pairs["same"] if link_key(p[0]) != link_key(p[1])]
    wrong += [p for p in pairs["different"] if link_key(p[0]) == link_key(p[1])]
    assert wrong == []
