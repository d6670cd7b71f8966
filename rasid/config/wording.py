"""Checks one entry against its model and words what is wrong for the person who wrote it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, TypeVar
from unicodedata import category

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from rasid.config import (
    schema,
    schema_deadman,
    schema_gates,
    schema_places,
    schema_receivers,
    schema_rules,
)
from rasid.config.problems import Problems
from rasid.config.tree import Section, spot_of
from rasid.settings import ALL_FIELDS

M = TypeVar("M", bound=BaseModel)

# words of the rule language and of other sections that this version does not have yet
LATER: Final = frozenset(("silences",))
_OF_RULES: Final = frozenset(("where", "not_where", "together", "certainty", "demonyms"))
_GATES: Final = frozenset(("spike", "silent"))
_OF_RECEIVERS: Final = frozenset(
    ("digest", "quiet_hours", "limit", "group_wait", "min_severity", "template")
)
_OF_OUTLETS: Final = frozenset(("until_then", "within"))
_OF_WHERE: Final = frozenset(("near", "km", "polygon", "geojson"))
_KEYS: Final[dict[str, type[BaseModel]]] = {
    "examples": schema_rules.ExamplesIn,
    "auth": schema.AuthIn,
    "select": schema.SelectIn,
    "security": schema.SecurityIn,
    "canary": schema_deadman.CanaryIn,
    "heartbeat": schema_deadman.HeartbeatIn,
    "urls": schema_receivers.TargetIn,
    "digest": schema_receivers.DigestIn,
    "quiet_hours": schema_receivers.QuietIn,
    "limit": schema_receivers.LimitIn,
    "outlets": schema_gates.OutletsIn,
    "spike": schema_gates.SpikeIn,
    "<example>": schema_rules.ExampleIn,
    "<word>": schema_rules.WordIn,
    "<condition>": schema_rules.ConditionIn,
    "<near>": schema_places.NearIn,
    "<polygon>": schema_places.PolygonIn,
    "<geojson>": schema_places.GeojsonIn,
    "polygon": schema_places.CornersIn,
    "at": schema_places.PointIn,
    **dict.fromkeys(ALL_FIELDS, schema_rules.ConditionIn),
}
# words of other programs
_MEANT: Final = {
    "should_match": "match",
    "should_not_match": "no_match",
    "keywords": "any",
    "words": "any",
    "exclude": "none",
    "channels": "notify",
    "interval": "every",
    "feeds": "sources",
    "within": "in",
    "coordinates": "at",
    "names": "name",
    "limits": "limit",
    "quiet": "quiet_hours",
    "severity": "min_severity",
}
_NEEDED: Final = {
    "id": "a name of your own, such as id: strikes",
    "outlet": "who publishes it, such as outlet: sana",
    "url": "the address of the feed",
    "heartbeat.url": "the address that waits for a sign of life",
    "item": "a CSS selector of what is repeated, such as item: article.teaser",
    "urls": 'where to send, such as urls: ["console://"]',
    "word": "the word or phrase that is looked for",
    "at": "where it is: at: {lat: 35.02, lon: 40.55}",
    "name": "how it is called, in every language you read: name: [حقل العمر, Omar field]",
    "km": "how far around: {near: Al Mayadin, km: 60}",
    "digest.at": 'when it goes out, as cron writes it: {at: "0 7,19 * * *"}',
    "from": "when it begins, such as {from: 22:00, to: 06:00}",
    "to": "when it ends, such as {from: 22:00, to: 06:00}",
    "messages": "how many, such as {messages: 20, per: 1h}",
    "per": "within which span, such as {messages: 20, per: 1h}",
    "lat_lon": "corners as [latitude, longitude]: {lat_lon: [[34.3, 40.2], ...]}",
}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_INVISIBLE: Final = "an invisible character stands in it"
_SECTIONS: Final = frozenset({"dict_type", "model_type", "model_attributes_type"})
_SHAPES: Final = {
    "string_type": "must be a text",
    "list_type": "must be a list",
    "dict_type": "must be a section of keys",
    "model_type": "must be a section of keys",
    "model_attributes_type": "must be a section of keys",
    "union_tag_invalid": "must be a word, a phrase or a $list",
    "union_tag_not_found": "must be a word, a phrase, a $list or a section with any:, all:, none:",
}
_WHERE: Final = "must be a place, or a section with near: and km:, polygon: or geojson:"
_SHAPES_OF_WHERE: Final = {
    **_SHAPES,
    "union_tag_invalid": _WHERE,
    "union_tag_not_found": _WHERE,
}


def check(model: type[M], entry: Any, label: str, file: str, problems: Problems) -> M | None:
    """Return the entry as its model, or None with everything wrong in `problems`."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=True):
            _add(detail, model, entry, label, file, problems)
        return None


def check_value(
    adapter: TypeAdapter[Any], key: str, section: Section, label: str, file: str, problems: Problems
) -> Any:
    """Return one value of a section as its type says, or None."""
    try:
        return adapter.validate_python(section[key])
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            detail["loc"] = (key, *detail["loc"])
            _add(detail, schema.FileIn, section, label, file, problems)
        return None


def _add(
    detail: ErrorDetails,
    model: type[BaseModel],
    entry: Any,
    label: str,
    file: str,
    problems: Problems,
) -> None:
    path = detail["loc"]
    kind = detail["type"]
    spot = spot_of(entry, path)
    prefix = f"{label}: " if label else ""
    if kind == "extra_forbidden":
        message, hint = _unknown(str(path[-1]), _model_at(path, model), problems)
        if "<condition>" in path and hint.startswith("known here"):
            hint = f"put text that contains a colon in quotes; {hint}"
    elif kind == "missing":
        message, hint = f'"{path[-1]}" is missing', _needed(path)
    elif kind == "literal_error":
        message = f'"{path[-1]}" must be {detail["ctx"]["expected"]}, not "{detail["input"]}"'
        later = path[-1] == "kind" and model is schema.SourceIn  # further kinds
        hint = "not supported in this version" if later else ""
    else:
        ctx = detail.get("ctx", {})
        shapes = _SHAPES_OF_WHERE if path[0] in ("where", "not_where") else _SHAPES
        said = ctx.get("message") or shapes.get(kind) or detail["msg"]
        message, hint = f"{_subject(path)}{said}", ctx.get("hint") or _shape(kind, path)
    problems.add(file, spot, prefix + message, hint)


def _needed(path: tuple[int | str, ...]) -> str:
    key = str(path[-1])
    return _NEEDED.get(f"{path[-2]}.{key}" if path[1:] else key) or _NEEDED.get(key, "")


def _unknown(key: str, model: type[BaseModel], problems: Problems) -> tuple[str, str]:
    return unknown_key(key, _keys(model), problems)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def unknown_key(key: str, known: Collection[str], problems: Problems) -> tuple[str, str]:
    """Return what is said about a key that cannot stand here, and the hint."""
    if key in _OF_RULES and key not in known:
        return f'"{key}" cannot stand here', "places are of a whole rule: write it beside id:"
    if key in _GATES and key not in known:
        return f'"{key}" cannot stand here', "gates are of a whole rule: write it beside id:"
    if key in _OF_WHERE and key not in known:
        return f'"{key}" cannot stand here', "write where: [{near: NAME, km: 60}]"
    if key in _OF_OUTLETS and key not in known and _MEANT.get(key) not in known:
        return f'"{key}" cannot stand here', "write outlets: {at_least: 3, within: 2h}"
    if key in _OF_RECEIVERS and key not in known:
        return f'"{key}" cannot stand here', "it is of a receiver: write it beside urls:"
    if key in LATER and _MEANT.get(key) not in known:
        return f'"{key}" is not supported in this version', "take it away"
    message = f'unknown key "{visible(key)}"'
    if visible(key) != key:
        return message, f"{_INVISIBLE}: delete the key and type it again"
    if _MEANT.get(key) in known:
        return message, f'did you mean "{_MEANT[key]}"?'
    return message, problems.nearest(key, known) or "known here: " + ", ".join(known)


def visible(text: str) -> str:
    """Return a text with its invisible characters as \\u200f, so that it differs in print."""
    return "".join(
        f"\\u{ord(char):04x}" if category(char) in _UNSEEN and char != " " else char
        for char in text
    )


def _model_at(path: tuple[int | str, ...], model: type[BaseModel]) -> type[BaseModel]:
    """Return the model whose keys the last step of a path should have been among."""
    for step in reversed(path[:-1]):
        if isinstance(step, str) and step in _KEYS:
            return _KEYS[step]
    return model


def _shape(kind: str, path: tuple[int | str, ...]) -> str:
    """Return what stands below a key where something else was written."""
    if kind not in _SECTIONS or path[-1] not in _KEYS:
        return ""
    keys = _keys(_KEYS[str(path[-1])])
    return "with keys below it: " + ", ".join(f"{key}:" for key in keys)


def _subject(path: tuple[int | str, ...]) -> str:
    keys = [step for step in path if isinstance(step, str) and not step.startswith(("<", "["))]
    return f'"{keys[-1]}": ' if keys else ""
