"""The JSON Schema that editors get."""

from __future__ import annotations

import json
from pathlib import Path

import rasid.config
from rasid.config import schema_json


def test_schema_is_current() -> None:
    committed = Path(rasid.config.__file__).with_name("schema.json")
    assert committed.read_text(encoding="utf-8") == schema_json()


def test_schema_allows_what_load_allows() -> None:
    schema = json.loads(schema_json())
    assert schema["required"] == ["version"]
    assert schema["additionalProperties"] is False
    rule = schema["$defs"]["RuleIn"]
    assert {"any", "all", "none", "title", "notify", "examples"} <= set(rule["properties"])
    assert rule["required"] == ["id"]
    assert schema["$defs"]["SourceIn"]["required"] == ["id", "outlet", "url"]
    assert {"where", "not_where", "together", "certainty", "demonyms"} <= set(rule["properties"])
    assert schema["$defs"]["PlaceIn"]["required"] == ["id", "name", "at"]
    assert "in" in schema["$defs"]["PlaceIn"]["properties"]
    corners = schema["$defs"]["CornersIn"]["properties"]["lat_lon"]
    assert (corners["type"], corners["minItems"]) == ("array", 3)
