"""How commands show why a rule matched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rasid.models import Evidence

_SHOWN = 5  # in a cell of a table


def evidence_rows(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return evidence for JSON: the keys that apply."""
    return [
        {key: value for key, value in asdict(one).items() if value not in ("", None)}
        for one in evidence
    ]


def found(evidence: Iterable[Evidence]) -> str:
    """Return the words that matched for a table: each once, with the rule's word it came from."""
    words = dict.fromkeys(
        one.text if one.text == one.word else f"{one.text} ({one.word})" for one in evidence
    )
    more = len(words) - _SHOWN
    return ", ".join([*words][:_SHOWN]) + (f" and {more} more" if more > 0 else "")
