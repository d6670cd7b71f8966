"""The gazetteer of one load: opened when the first place is to be looked up, or never."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rasid.config.kept import Checked
from rasid.config.places import build_places
from rasid.config.problems import Problems, Spot
from rasid.config.schema_places import PlaceIn
from rasid.config.schema_rules import RuleIn
from rasid.config.scopes import Scopes, digest_of
from rasid.config.sections import Found
from rasid.errors import RasidError
from rasid.places.model import Gazetteer
from rasid.settings import OwnPlace

_MISSING = "places cannot be looked up"


class Opened:
    """A gazetteer with the places of a configuration laid over it."""

    def __init__(self, gazetteer: Callable[[], Gazetteer] | None) -> None:
        self._open = gazetteer
        self._error: str | None = None
        self._base: Gazetteer | None = None
        self._whole: Gazetteer | None = None

    @property
    def version(self) -> str:
        """The version with own places; "" when nothing was opened."""
        return self._whole.version if self._whole else self.base_version

    @property
    def base_version(self) -> str:
        """The version without own places; "" when nothing was opened."""
        return self._base.version if self._base else ""

    def holds(self, known: Checked) -> bool:
        """Whether kept rules name the places that they would name if they were read now."""
        if known.gazetteer and (base := self._opened()) and base.version != known.gazetteer:
            return False
        same = all(digest_of(path) == digest for path, digest in known.beside.items())
        return same and not (known.gazetteer and self._base is None)

    def lay_over(
        self, found: Mapping[str, Found[PlaceIn]], problems: Problems
    ) -> tuple[OwnPlace, ...]:
        """Return own places, checked against the gazetteer; their mistakes are noted."""
        first = next(iter(found.values()), None)
        base = self._ready(first.file, first.spot, problems) if first else None
        if base is None:
            return ()
        own, self._whole = build_places(found, base, problems)
        return own

    def scopes(self, found: Mapping[str, Found[RuleIn]], problems: Problems) -> Scopes | None:
        """Return what looks up the places of rules; None where no rule names any."""
        first = next((one for one in found.values() if one.value and one.value.where), None)
        base = self._ready(first.file, first.spot, problems) if first else None
        return Scopes(self._whole or base, problems) if base else None

    def _ready(self, file: str, spot: Spot, problems: Problems) -> Gazetteer | None:
        """Return the gazetteer; where there is none, say so once."""
        told = self._error is not None
        base = self._opened()
        if base is None and not told:
            problems.add(file, spot, f"{_MISSING}: {self._error}")
        return base

    def _opened(self) -> Gazetteer | None:
        if self._base is None and self._error is None:
            try:
                self._base = self._open() if self._open else None
                self._error = None if self._base else "there is no gazetteer"
            except RasidError as error:
                self._error = str(error)
        return self._base
