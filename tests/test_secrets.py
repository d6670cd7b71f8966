"""N16: a secret in every place that takes one, and none of it in anything that Rasid writes."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_sinks import Answer, HttpSink, Request, http_sink
from daemon import rasid
from outlet import Outlet

from rasid.cli import COMMANDS

RULES = """\
version: 1
settings:
  backfill_alerts: 1
  capture: true
  heartbeat: {{url: "http://127.0.0.1:{port}/ping/${{HEARTBEAT}}"}}
  security: {{allow_addresses: ["{outlet}", "127.0.0.1:{port}"]}}
sources:
  - id: basic
    outlet: paper
    url: "http://{outlet}/feed"
    auth: {{username: desk, password: "${{BASIC}}"}}
  - id: bearer
    outlet: paper
    url: "http://{outlet}/401"
    auth: {{bearer: "${{file:{folder}/bearer}}"}}
  - id: header
    outlet: paper
    url: "http://{outlet}/500"
    headers: {{X-Key: "${{HEADER}}"}}
  - id: proxied
    outlet: wire
    url: "http://wire.example/"
    proxy: "http://desk:${{PROXY}}@{outlet}"
receivers:
  - id: desk
    urls:
      - "json://desk:${{LOGIN}}@127.0.0.1:{port}/a"
      - "json://127.0.0.1:{port}/${{PATH_OF_HOOK}}"
      - "json://127.0.0.1:{port}/b?-token=${{QUERY}}"
      - "json://127.0.0.1:9/${{CLOSED}}"
      - "mailto://desk:${{MAIL}}@127.0.0.1:9?mode=insecure&from=a@example.org&to=b@example.org"
      - "${{WHOLE}}"
      - "${{NONSENSE}}"
rules:
  - {{id: strikes, any: [قصف], notify: [desk]}}
"""
SLOTS = ("BASIC", "BEARER", "HEADER", "PROXY", "LOGIN", "PATH_OF_HOOK", "QUERY", "CLOSED", "MAIL",
         "WHOLE", "NONSENSE", "HEARTBEAT")  # fmt: skip
CANARIES = {slot: f"canary7f3a9b{slot.lower().replace('_', '')}" for slot in SLOTS}
# one process for all that need no reactor; a traceback is output like any other
EVERY = """
import json, sys, traceback
from rasid.cli import command

for arguments in json.loads(sys.argv[1]):
    try:
        command.main(arguments, standalone_mode=False)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
"""


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as opened:
        yield opened


def echo(request: Request) -> Answer:
    """Refuse, and say back whatever was secret in the request."""
    said = f"{request.path} {request.headers}"
    return Answer(500 if "/a" in request.path else 400, {"X-Echo": "no"}, said.encode())


def commands(place: list[str], folder: Path) -> list[list[str]]:
    """Return every command but those that need a reactor, write rules or serve."""
    return [
        ["check", *place],
        ["match", str(folder / "items.jsonl"), *place],
        ["backtest", "strikes", *place],
        ["sources", "--json", *place],
        ["sources", "--broken", *place],
        ["rules", *place],
        ["items", "--json", *place],
        ["search", "قصف", *place],
        ["report", "coverage", *place],
        ["report", "shift", "--json", *place],
        ["stories", "--least", "1", "--json", *place],
        ["alerts", "--json", *place],
        ["alerts", *place],
        ["explain", "ALERT", "--json", *place],
        ["explain", "ALERT", *place],
        ["silence", "list", "--json", *place],
        ["ack", "ALERT", *place],
        ["capture", "ALERT", "--to", str(folder / "data" / "exported"), *place],
        ["why", "strikes", "ITEM", *place],
        ["why-not-sent", "ITEM", *place],
        ["why-not-sent", "ITEM", "--json", *place],
        ["notify", "test", "--json", *place],
        ["notify", "test", *place],
        ["status", "--json", *place],
        ["health", *place],
        ["doctor", *place],
        ["prune", *place],
        ["backup", str(folder / "copy.db"), *place],
        ["config", "schema"],
        ["places", "list", "--json", *place],
        ["version"],
    ]


def shapes(secret: str) -> list[bytes]:
    """Return what a secret looks like as it is and in a header of basic authentication."""
    basic = base64.b64encode(f"desk:{secret}".encode())
    return [secret.encode(), basic]


def found(where: str, data: bytes) -> list[str]:
    return [
        f"{slot} in {where}"
        for slot, secret in CANARIES.items()
        if any(shape in data for shape in shapes(secret))
    ]


def test_N16_no_secret_is_in_anything_that_rasid_writes(tmp_path: Path, sink: HttpSink) -> None:
    sink.answer = echo
    with Outlet() as outlet:
        outlet.body("/feed")
        outlet.answer("/401", 401)
        outlet.answer("/500", 500)
        text = RULES.format(outlet=outlet.address, port=sink.port, folder=tmp_path)
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "bearer").write_text(CANARIES["BEARER"])
        (tmp_path / "items.jsonl").write_text('{"id": "1", "title": "قصف"}\n', encoding="utf-8")
        env = {
            **CANARIES,
            "WHOLE": f"json://127.0.0.1:{sink.port}/{CANARIES['WHOLE']}",
            "NONSENSE": f"json//{CANARIES['NONSENSE']}",
            "RASID_LOG_LEVEL": "debug",
        }
        place = ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]
        done = [
            rasid("once", "--all", *place, check=1, **env),
            rasid("sources", "test", "--all", "--json", *place, check=None, **env),
            rasid("parse", outlet.url(), *place[:2], check=None, **env),
        ]
        sent = "".join(str(dict(asked.headers)) for asked in outlet.requests)
    listed = rasid("alerts", "--json", *place).stdout.splitlines()
    ids = {"ALERT": json.loads(listed[0])["id"], "ITEM": json.loads(listed[0])["facts"]["item"]}
    every = [[ids.get(one, one) for one in line] for line in commands(place, tmp_path)]
    done.append(
        subprocess.run(
            [sys.executable, "-c", EVERY, json.dumps(every)],
            capture_output=True, text=True, timeout=60, check=True, env={**os.environ, **env},
        )
    )  # fmt: skip
    hits = [
        hit
        for one in done
        for stream in (one.stdout, one.stderr)
        for hit in found(" ".join(map(str, one.args))[-80:], stream.encode())
    ]
    for file in (tmp_path / "data").rglob("*"):
        hits += found(str(file), file.read_bytes()) if file.is_file() else []
    hits += found("copy.db", (tmp_path / "copy.db").read_bytes())
    assert hits == []

    # the secrets were in use: else their absence would say nothing
    sent += "".join(f"{request.path} {request.headers}" for request in sink.requests)
    used = {hit.partition(" ")[0] for hit in found("requests", sent.encode())}
    assert used == set(SLOTS) - {"CLOSED", "MAIL", "NONSENSE"}
    assert len(listed) == 7, "each receiver has its alert"
    assert (tmp_path / "data" / "exported" / "capture-1.warc").exists()
    # the one command that refuses the configuration, and nothing else was a surprise
    assert re.findall(r"^(\S+Error):", done[-1].stderr, re.MULTILINE) == [
        "rasid.errors.ConfigError"
    ], done[-1].stderr


def test_N16_every_command_is_looked_at(tmp_path: Path) -> None:
    looked = {line[0] for line in commands([], tmp_path)} | {"once", "parse"}
    assert set(COMMANDS) - looked == {"init", "demo", "run", "restore"}
