"""`rasid sources`: what a person decides of a source holds."""

from __future__ import annotations

import json
from pathlib import Path

from daemon import rasid, rows
from outlet import Outlet


def test_a_gone_source_that_is_enabled_is_polled_again(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    place = ["--config", config, "--data-dir", tmp_path / "data"]
    with Outlet() as outlet:
        config.write_text(
            "version: 1\n"
            f"settings: {{security: {{allow_addresses: {json.dumps([outlet.address])}}}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n",
            encoding="utf-8",
        )
        outlet.answer("/feed", 410)
        rasid("once", *place, check=1)
        assert rows(rasid("sources", "--json", *place))[0]["state"] == "gone"
        rasid("once", *place)
        outlet.body("/feed")
        rasid("sources", "enable", "paper", *place)
        rasid("once", *place)
        assert len(outlet.asked()) == 2
    assert rows(rasid("sources", "--json", *place))[0]["state"] == "ok"
