"""The shape of places in rules.yaml: entries of `places:` and of `where:`."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from rasid.config import place_values
from rasid.config.schema_values import Name, Part, Text, filled

_RING: Final = WithJsonSchema(
    {
        "type": "array",
        "minItems": 3,
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    }
)


def _number(least: float, most: float) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": least, "maximum": most})


Latitude = Annotated[float, BeforeValidator(place_values.latitude), _number(-90, 90)]
Longitude = Annotated[float, BeforeValidator(place_values.longitude), _number(-180, 180)]
Km = Annotated[float, BeforeValidator(place_values.kilometres), _number(0.1, 10_000)]
Corners = Annotated[tuple[tuple[float, float], ...], BeforeValidator(place_values.ring), _RING]
Together = Annotated[
    int | Literal["sentence", "title", "item"] | None,
    BeforeValidator(place_values.together),
    WithJsonSchema({"type": "string", "pattern": "^([0-9]+ words?|sentence|title|item)$"}),
]


class PointIn(Part):
    """Degrees that say which is which."""

    lat: Latitude
    lon: Longitude


class PlaceIn(Part):
    """A place that the gazetteer lacks."""

    id: Name
    name: Annotated[list[Text], BeforeValidator(filled, json_schema_input_type=Text | list[Text])]
    at: PointIn
    within: Text = Field("", alias="in")
    kind: Literal["spot", "town", "area"] = "spot"


class NearIn(Part):
    """What lies around a town or a spot."""

    near: Text
    km: Km


class CornersIn(Part):
    """The corners of a polygon."""

    lat_lon: Corners


class PolygonIn(Part):
    """What lies in a polygon."""

    polygon: CornersIn


class GeojsonIn(Part):
    """What lies in the polygons of a file."""

    geojson: Text


def _kind_of_where(value: Any) -> str | None:
    if isinstance(value, str):
        return "<place>"
    if not isinstance(value, dict):
        return None
    return next((f"<{key}>" for key in ("polygon", "geojson") if key in value), "<near>")


Where = Annotated[
    Annotated[Text, Tag("<place>")]
    | Annotated[NearIn, Tag("<near>")]
    | Annotated[PolygonIn, Tag("<polygon>")]
    | Annotated[GeojsonIn, Tag("<geojson>")],
    Discriminator(_kind_of_where),
]
Wheres = Annotated[list[Where], BeforeValidator(filled, json_schema_input_type=Where | list[Where])]
WrittenWhere = str | NearIn | PolygonIn | GeojsonIn
