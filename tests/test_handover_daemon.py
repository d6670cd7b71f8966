"""Hand-over with the daemon as a process: the command line writes, the daemon goes by it."""

from __future__ import annotations

import re
import socket
import urllib.request
from pathlib import Path

from daemon import ForkedDaemon, rasid, rows, wait_for
from outlet import Outlet
from test_daemon import Sink, feed, make_due, options

RULES = """\
version: 1
settings:
  security: {{allow_addresses: ["{outlet}", "{sink}"]}}
  web: {{listen: "127.0.0.1:{port}"}}
  public_url: "http://127.0.0.1:{port}"
  story_updates: 0s
sources:
  - {{id: paper, outlet: paper, url: "http://{outlet}/feed", every: 1m}}
receivers:
  - {{id: desk, urls: ["json://{sink}/desk"], escalate: {{to: chief, after: 2s}}}}
  - {{id: chief, urls: ["json://{sink}/chief"]}}
rules:
  - {{id: strikes, any: [قصف], notify: [desk]}}
"""
PATIENCE = 60.0  # seconds; escalation is looked after every ten
OLD, FIRST, SECOND = "قصف قديم", "قصف على مطار دمشق", "مقتل جندي في قصف على تعز"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_running_daemon_goes_by_silences_and_acknowledgements(tmp_path: Path) -> None:
    sink = Sink()
    with Outlet() as paper:
        paper.body("/feed", feed(OLD))
        outlet = f"{paper.host}:{paper.port}"
        rules = RULES.format(outlet=outlet, sink=sink.address, port=free_port())
        (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
        place = options(tmp_path)
        with ForkedDaemon(tmp_path) as daemon:
            wait_for(lambda: daemon.said("first poll"), PATIENCE)
            words = ("silence", "add", "--rule", "strikes", "--for", "1h", "--reason", "drill")
            (silence,) = rows(rasid(*words, "--json", *place))
            paper.body("/feed", feed(FIRST, OLD))
            make_due(tmp_path)
            wait_for(lambda: [row["reason"] for row in told(place)] == ["silenced"], PATIENCE)
            assert sink.bodies == []
            rasid("silence", "end", silence["id"], *place)
            wait_for(lambda: sink.bodies, PATIENCE)
            assert "Kept back by a silence" in sink.bodies[0]
            assert FIRST in sink.bodies[0]

            paper.body("/feed", feed(SECOND, FIRST, OLD))
            make_due(tmp_path)
            wait_for(lambda: len(sink.bodies) == 2, PATIENCE)
            (link,) = re.findall(r"http://127\.0\.0\.1:\d+/ack/[\w.-]+", sink.bodies[1])
            assert b"<form" in asked(link)
            wait_for(lambda: len(sink.bodies) == 3, PATIENCE)  # nobody had pressed the button
            assert "Escalated: not acknowledged since" in sink.bodies[2]
            assert "ريما".encode() in asked(link, "by=%D8%B1%D9%8A%D9%85%D8%A7")
            by = {row["receiver"]: row["acked_by"] for row in told(place)[:2]}
            assert by == {"desk": "ريما", "chief": "ريما"}
        log = "".join(daemon.log)
        assert "/ack/" not in log
        assert "strikes" not in log.replace("rule strikes", "")
    sink.close()


def told(place: list[object]) -> list[dict[str, object]]:
    return rows(rasid("alerts", "--json", *place))


def asked(link: str, form: str = "") -> bytes:
    with urllib.request.urlopen(link, form.encode() or None, timeout=10) as answer:
        return bytes(answer.read())
