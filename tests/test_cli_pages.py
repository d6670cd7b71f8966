"""Pages of items, as a person sees them."""

from __future__ import annotations

from pathlib import Path

from daemon import rasid, rows
from outlet import Outlet
from pages_of_items import BODY, page

FEED = """<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>"""
ITEM = "<item><guid>{n}</guid><title>مجلس البلدة {n}</title><link>{link}</link></item>"
RULES = """\
version: 1
settings: {{time_zone: UTC, security: {{allow_addresses: ["{outlet}"]}}}}
sources:
  - {{id: paper, outlet: paper, url: "{feed}", text: page}}
receivers:
  - {{id: desk, urls: ["console://"]}}
rules:
  - {{id: bridge, any: [الجسر المعلق], notify: [desk]}}
"""


def show(outlet: Outlet, *numbers: int) -> None:
    """Let the feed have these items."""
    links = {number: outlet.url(f"/story/{number}") for number in numbers}
    items = "".join(ITEM.format(n=number, link=link) for number, link in links.items())
    outlet.body("/feed", FEED.format(items=items).encode())


def test_a_round_reads_the_pages_of_new_items_and_alerts_on_them(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    place = ("--config", config, "--data-dir", tmp_path)
    with Outlet() as outlet:
        config.write_text(RULES.format(outlet=outlet.address, feed=outlet.url()))
        outlet.answer("/story/2", 200, page(charset="cp1256"), Content_Type="text/html")
        outlet.answer("/story/3", 200, b"%PDF", Content_Type="application/pdf")
        show(outlet, 1)
        rasid("once", "--all", *place)
        show(outlet, 1, 2, 3)
        told = rasid("once", "--all", *place).stdout
        paths = {one.path for one in outlet.requests}
    assert paths == {"/robots.txt", "/feed", "/story/2", "/story/3"}
    assert "مجلس البلدة 2" in told
    assert "مجلس البلدة 3" not in told
    items = {row["title"][-1]: row for row in rows(rasid("items", "--json", *place))}
    assert {name: row["page"] for name, row in items.items()} == {
        "1": "",
        "2": "read",
        "3": "given_up: not_html",
    }
    assert items["3"]["page_detail"] == "the link leads to application/pdf, not to a web page"
    (source,) = rows(rasid("sources", "--json", *place))
    assert source["pages"] == "1 read, 1 given up; last: not_html: " + items["3"]["page_detail"]
    assert (source["pages_due"], source["pages_read"], source["pages_given_up"]) == (0, 1, 1)
    assert len(rows(rasid("search", '"الدفاع المدني"', "--json", *place))) == 1


def test_a_round_tells_what_its_polls_found_before_it_asks_for_pages(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    place = ("--config", config, "--data-dir", tmp_path)
    with Outlet() as outlet, Outlet() as receiver:
        receiver.answer("/hook", 200)
        url = f"json://{receiver.address}/hook"
        rules = RULES.replace("الجسر المعلق", "مجلس البلدة").replace("console://", url)
        rules = rules.replace('"{outlet}"', f'"{{outlet}}", "{receiver.address}"')
        config.write_text(rules.format(outlet=outlet.address, feed=outlet.url()))
        show(outlet, 1)
        rasid("once", "--all", *place)
        show(outlet, 1, 2)
        outlet.answer("/story/2", 200, page(), Content_Type="text/html")
        rasid("once", "--all", *place)
    (told,), (asked,) = receiver.asked("/hook"), outlet.asked("/story/2")
    assert told.at < asked.at


def test_parse_shows_what_would_be_taken_of_a_page(tmp_path: Path) -> None:
    path, config = tmp_path / "page.html", tmp_path / "rules.yaml"
    path.write_bytes(page(head='<meta itemprop="datePublished" content="2026-02-03">'))
    (row,) = rows(rasid("parse", "--page", path, "--json"))
    assert row["text"].endswith("\n".join(BODY))
    assert (row["title"], row["published"], row["date_only"]) == ("أخبار المدينة", 1770076800, True)
    told = rasid("parse", "--page", path).stdout
    assert "title: أخبار المدينة\npublished: 2026-02-03\ncanonical: -\n" in told
    with Outlet() as outlet:
        config.write_text(
            f"version: 1\nsettings: {{security: {{allow_addresses: ['{outlet.address}']}}}}\n"
        )
        outlet.answer("/1", 200, path.read_bytes(), Content_Type="text/html")
        got = rows(rasid("parse", "--page", outlet.url("/1"), "--json", "--config", config))
        lost = rasid("parse", "--page", outlet.url("/2"), "--config", config, check=1)
    assert got == [row]
    assert "http_status: the server answers 404 Not Found" in lost.stderr
    assert "--kind" in rasid("parse", "--page", path, "--kind", "feed", check=2).stderr
