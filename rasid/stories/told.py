"""The stories of items that are all there: of a file, not of a daemon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rasid.models import Document
from rasid.stories.boilerplate import trimmed
from rasid.stories.meaning import Model, described
from rasid.stories.stories import Assignment, Stories

_AT_ONCE: Final = 64  # items


def assigned(
    documents: Sequence[Document], model: Model | None = None
) -> Iterator[tuple[Document, Assignment]]:
    """Return where each document belongs, in the order given.

    They are taken up in the order in which they were published; one that does not say when
    counts as published with the one before it. What items of one source or outlet begin or
    end with, whatever they tell, tells no story here either.
    """
    stories, found = Stories(), dict[int, Assignment]()
    compared = trimmed(documents)
    order = sorted(enumerate(_times(documents)), key=lambda one: one[1])
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        for (number, at), features in zip(
            some, described((compared[number] for number, _ in some), model), strict=True
        ):
            found[number] = stories.assign(documents[number].id, features, at)
            stories.settle()
    return zip(documents, (found[number] for number in range(len(documents))), strict=True)


def _times(documents: Sequence[Document]) -> Iterator[int]:
    last = min((one.published for one in documents if one.published is not None), default=0)
    for document in documents:
        last = last if document.published is None else document.published
        yield last
