"""The daemon as a process: from a real feed over HTTP to a webhook, and its signals."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from daemon import Daemon, ForkedDaemon, rasid, rows, wait_for
from hub import Hub
from outlet import Outlet

RULES = """\
version: 1
settings:
  time_zone: Asia/Damascus
  security: {{allow_addresses: ["{outlet}", "{sink}"]}}
sources:
  - {{id: paper, outlet: paper, url: "http://{outlet}/feed", every: 1m}}
receivers:
  - {{id: desk, urls: ["json://{sink}/hook"]}}
rules:
  - {{id: strikes, any: [قصف], notify: [desk]}}
"""


def feed(*titles: str) -> bytes:
    items = "".join(
        f"<item><guid>{title}</guid><title>{title}</title>"
        f"<link>http://paper.example/{title.replace(' ', '-')}</link></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()


class Sink:
    """A webhook that remembers what it is sent."""

    def __init__(self) -> None:
        bodies = self.bodies = []  # type: list[str]
        self.status = 200
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bodies.append(body.decode("unicode_escape"))
                self.send_response(sink.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.close()


@pytest.fixture
def paper() -> Iterator[Outlet]:
    with Outlet() as outlet:
        outlet.body("/feed", feed("قصف قديم"))
        yield outlet


@pytest.fixture
def folder(tmp_path: Path, paper: Outlet, sink: Sink) -> Path:
    rules = RULES.format(outlet=f"{paper.host}:{paper.port}", sink=sink.address)
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    return tmp_path


def options(folder: Path) -> list[object]:
    return ["--config", folder / "rules.yaml", "--data-dir", folder / "data"]


def make_due(folder: Path) -> None:
    with sqlite3.connect(folder / "data" / "rasid.db", timeout=10) as database:
        database.execute("UPDATE sources SET next_poll_at = 0")
    database.close()


def sent(folder: Path) -> int:
    """Return how many alerts are recorded as sent."""
    return sum(row["state"] == "sent" for row in rows(rasid("alerts", "--json", *options(folder))))


def with_ops(folder: Path, sink: Sink) -> tuple[Path, str]:
    """Add an ops receiver to the rules; return their file and text."""
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    text = text.replace("settings:\n", "settings:\n  ops_receiver: ops\n")
    receiver = f'  - {{id: ops, urls: ["json://{sink.address}/ops"]}}\n'
    text = text.replace("receivers:\n", f"receivers:\n{receiver}")
    rules.write_text(text, encoding="utf-8")
    return rules, text


def listening(process: psutil.Process) -> set[tuple[str, int]]:
    """Return where a process and its descendants listen."""
    return {
        (connection.laddr.ip, connection.laddr.port)
        for one in (process, *process.children(recursive=True))
        for connection in one.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


def test_O02_from_a_feed_to_a_webhook_by_a_daemon_that_listens_nowhere(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    with Daemon(folder) as daemon:
        wait_for(lambda: daemon.said("first poll"))
        assert listening(psutil.Process(daemon.process.pid)) == set()
        paper.body("/feed", feed("مطر", "الطيران يعاود القصف على البادية", "قصف قديم"))
        make_due(folder)
        wait_for(lambda: sink.bodies)
        assert "الطيران يعاود القصف على البادية" in sink.bodies[0]
        assert rasid("health", *options(folder)).stdout.strip() == "well"
        again = rasid("once", *options(folder), check=75)
        assert str(daemon.process.pid) in again.stderr
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(25) == 0
    assert len(sink.bodies) == 1
    told = rows(rasid("alerts", "--json", *options(folder)))
    assert [(alert["state"], alert["rule"]) for alert in told] == [("sent", "strikes")]


def test_R06_an_invalid_edit_is_refused_and_the_old_rules_stay(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    with ForkedDaemon(folder) as daemon:
        wait_for(lambda: daemon.said("first poll"))
        rules = folder / "rules.yaml"
        good = rules.read_text(encoding="utf-8")
        rules.write_text(good.replace("any:", "anny:"), encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: daemon.said("refused"))
        wait_for(lambda: daemon.said("did you mean"))  # the next line
        paper.body("/feed", feed("قصف جديد", "قصف قديم"))
        make_due(folder)
        wait_for(lambda: sink.bodies)
        rules.write_text(good.replace("[قصف]", "[مطر]"), encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: daemon.said("reloaded"))
        paper.body("/feed", feed("مطر غزير", "قصف ثالث", "قصف جديد", "قصف قديم"))
        make_due(folder)
        wait_for(lambda: len(sink.bodies) == 2)
    assert "مطر غزير" in sink.bodies[1]
    assert "قصف ثالث" not in sink.bodies[1]


def test_R06_ops_health_and_status_say_that_an_edit_was_refused(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    rules, good = with_ops(folder, sink)
    with ForkedDaemon(folder) as daemon:
        for _ in range(2):
            rules.write_text(good.replace("any:", "anny:"), encoding="utf-8")
            daemon.process.send_signal(signal.SIGHUP)
            wait_for(lambda: sink.bodies)
        wait_for(lambda: "refused" in rasid("health", *options(folder)).stdout)
        health = rasid("health", *options(folder)).stdout
        assert health.startswith("well, but rules.yaml was refused: ")
        status = rasid("status", "--json", *options(folder), check=2)
        (facts,) = rows(status)
        assert "rules.yaml was refused" in facts["daemon"]
        assert (facts["sources_enabled"], facts["rules"]) == (1, None)
        assert "did you mean" in status.stderr
        rules.write_text(good, encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: rasid("health", *options(folder)).stdout.strip() == "well")
        (facts,) = rows(rasid("status", "--json", *options(folder)))
        assert (facts["daemon"], facts["rules"]) == ("well", 1)
    assert len(sink.bodies) == 1  # one episode
    assert "rules.yaml was refused, the old rules stay" in sink.bodies[0]


def test_D14_a_new_rule_and_first_polls_end_with_one_summary_each(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    rules, good = with_ops(folder, sink)
    rasid("once", *options(folder))
    (told,) = sink.bodies
    assert "first poll of 1 source (paper): 1 item was kept without an alert" in told
    with ForkedDaemon(folder) as daemon:
        paper.body("/feed", feed("مطر غزير", "قصف قديم"))
        make_due(folder)
        wait_for(lambda: daemon.said("1 new; 0 alerts"))
        rain = "  - {id: rain, any: [مطر], notify: [desk]}\n"
        rules.write_text(good + rain, encoding="utf-8")
        for _ in range(2):
            daemon.process.send_signal(signal.SIGHUP)
            wait_for(lambda: sent(folder) == 2)  # a kill before that repeats it, rightly
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait(10)
    rasid("once", *options(folder))
    assert len(sink.bodies) == 2
    assert "rule rain is in force: 1 stored item of the last 24 h matches" in sink.bodies[1]
    assert "مطر غزير" in sink.bodies[1]
    told_of = rows(rasid("alerts", "--json", *options(folder)))
    assert [alert["subject"].split(":")[1] for alert in told_of] == ["rule", "seeding"]
    assert told_of[1]["title"].startswith("first poll")


def test_T10_sigterm_ends_a_busy_daemon_in_order(folder: Path, paper: Outlet, sink: Sink) -> None:
    rasid("once", *options(folder))  # which seeds
    for number in (1, 2):
        titles = [f"قصف {n}" for n in range(number * 5, 0, -1)]
        paper.body("/feed", feed(*titles, "قصف قديم"))
        make_due(folder)
        with ForkedDaemon(folder) as daemon:
            time.sleep(number * 0.6)
            began = time.monotonic()
            daemon.process.send_signal(signal.SIGTERM)
            assert daemon.process.wait(25) == 0
            assert time.monotonic() - began < 22
    rasid("once", "--all", *options(folder))
    text = "".join(sink.bodies)
    assert [text.count(f"{quote('قصف')}-{n}\n") for n in range(1, 11)] == [1] * 10


def test_once_does_what_the_daemon_does(folder: Path, paper: Outlet, sink: Sink) -> None:
    first = rows(rasid("once", "--json", *options(folder)))
    assert [(row["outcome"], row["items"], row["alerts"]) for row in first] == [("ok", 1, 0)]
    assert rows(rasid("once", "--json", *options(folder))) == []  # nothing is due
    paper.body("/feed", feed("لقصف متجدد", "قصف قديم"))
    (row,) = rows(rasid("once", "--all", "--json", *options(folder)))
    assert (row["new"], row["alerts"]) == (1, 1)
    assert len(sink.bodies) == 1


def test_messages_to_the_terminal_are_kept_out_of_json(folder: Path, paper: Outlet) -> None:
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8").replace(
        "settings:\n", "settings:\n  backfill_alerts: 1\n"
    )
    rules.write_text(re.sub(r"urls: .*\]", 'urls: ["console://"]', text), encoding="utf-8")
    done = rasid("notify", "test", "--json", *options(folder))
    assert [row["outcome"] for row in rows(done)] == ["success"]
    assert "This is a test message" in done.stderr
    assert "This is a test message" in rasid("notify", "test", *options(folder)).stdout
    done = rasid("once", "--json", *options(folder))
    assert [row["alerts"] for row in rows(done)] == [1]
    assert "قصف قديم" in done.stderr


def test_once_fails_when_a_source_or_a_delivery_does(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    rasid("once", *options(folder))
    paper.body("/feed", feed("قصف جديد"))
    sink.status = 500
    (row,) = rows(rasid("once", "--all", "--json", *options(folder), check=1))
    assert (row["outcome"], row["alerts"], len(sink.bodies)) == ("ok", 1, 1)
    sink.status = 200
    paper.answer("/feed", 500)
    (row,) = rows(rasid("once", "--all", "--json", *options(folder), check=1))
    assert row["reason"] == "http_status"


def test_S10_the_daemon_refuses_an_address_of_this_machine(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace(f'"{paper.host}:{paper.port}", ', ""), encoding="utf-8")
    (row,) = rows(rasid("once", "--json", *options(folder), check=1))
    assert row["reason"] == "blocked_address"
    assert paper.connections == 0


def test_O02_T11_one_port_is_open_for_health_and_hubs(
    folder: Path, paper: Outlet, sink: Sink
) -> None:
    """It is listened to where it was asked for; a hub pushes there, and people are told."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    here = f"http://127.0.0.1:{port}"
    rules = folder / "rules.yaml"
    web = f"settings:\n  web: {{listen: '127.0.0.1:{port}'}}\n"
    web += f"  websub: {{callback_url: '{here}/websub'}}\n"
    with Hub() as hub:
        text = rules.read_text().replace("settings:\n", web)
        rules.write_text(text.replace(f'"{sink.address}"]', f'"{sink.address}", "{hub.address}"]'))
        paper.body("/feed", feed("Rain"), Link=f'<{hub.url}>; rel="hub"')
        with Daemon(folder) as daemon:
            open_ports = listening(psutil.Process(daemon.process.pid))
            with urllib.request.urlopen(f"{here}/healthz", timeout=10) as answer:
                well = json.load(answer)["well"]
            wait_for(lambda: hub.callbacks)
            assert hub.push(paper.url(), feed("قصف على الميادين")) == 204
            wait_for(lambda: any("قصف على الميادين" in body for body in sink.bodies))
            daemon.process.send_signal(signal.SIGTERM)
            assert daemon.process.wait(20) == 0
    assert open_ports == {("127.0.0.1", port)}
    assert well
    assert len(paper.asked("/feed")) == 1
    key = hub.asked[0]["hub.callback"].rpartition("/")[2]
    assert not daemon.said(key), "it is a secret"
