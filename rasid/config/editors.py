"""The JSON Schema of rules.yaml, for editors."""

from __future__ import annotations

import json
from typing import Any

from rasid.config.schema import FileIn


def schema_json() -> str:
    """Return the JSON Schema of rules.yaml for editors."""
    schema = FileIn.model_json_schema(mode="validation")
    _drop_noise(schema)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Rasid rules.yaml"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _drop_noise(part: Any, *, named: bool = False) -> None:
    """Take away generated titles, and defaults in units that users do not write."""
    if isinstance(part, dict):
        if not named:
            part.pop("title", None)
            part.pop("default", None)
        for key, value in part.items():
            _drop_noise(value, named=key in ("properties", "$defs") and not named)
    elif isinstance(part, list):
        for value in part:
            _drop_noise(value)
