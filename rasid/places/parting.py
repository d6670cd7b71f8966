"""Which named features of a text stand as such, and what becomes of the names in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from rasid.places.cues import Cue
from rasid.places.feature_words import BEGINNINGS
from rasid.places.features import ARTICLE, JOINTS, Feature, has_article
from rasid.places.model import Kind, Means, Usage
from rasid.places.ordinary import RATHER_PLACES
from rasid.places.own import is_own
from rasid.places.scan import Shape, Token
from rasid.places.spans import Span
from rasid.text.fold import fold_text

# hundredths of the Zipf scale: three and sixty in a million words
_OFTEN, _OFTEN_WITH_ARTICLE = 350, 480
_OFTEN_ADJECTIVE: Final = 300
_LED: Final = "لبكو"
_AND: Final = "و"
_RELATIVE: Final = ("ي", "ية")
_HOLY: Final = frozenset(("الاقصي", "الحرام"))
_BEGINNINGS: Final = frozenset(map(fold_text, BEGINNINGS.split()))
_FEMALE: Final = "ة"


class Parted(NamedTuple):
    """Names, and features in their stead.

    `longer`: by where they start, names of features that lie where their name says. `others`:
    features that no name places.
    """

    names: list[Span]
    longer: dict[int, Feature]
    others: list[Feature]


class Parting:
    """Parts features from names. `usage`: how a folded word is used."""

    def __init__(self, usage: Callable[[str], Usage]) -> None:
        self._usage = usage

    def __call__(
        self, tokens: Sequence[Token], spans: Sequence[Span], found: Sequence[Feature]
    ) -> Parted:
        """Return what names and features of a text come to; both are in order."""
        kept = {span.start: span for span in spans}
        firsts, lasts = [one.first for one in spans], [one.last for one in spans]
        parted = Parted([], {}, [])
        for whole in found:
            within = spans[bisect_left(lasts, whole.first) : bisect_right(firsts, whole.last)]
            feature = _without_tail(tokens, whole, within)
            within = [one for one in within if one.first <= feature.last]
            name = next((one for one in within if self._names(tokens, one, feature)), None)
            if self._is_none(tokens, feature, within, name):
                continue
            for span in within:
                kept.pop(span.start, None)
            if feature.of and name is not None and not _is_lands_school(tokens, feature, name):
                kept[name.start] = name
                parted.longer[name.start] = feature
            else:
                parted.others.append(feature)
        parted.names.extend(kept[start] for start in sorted(kept))
        return parted

    def _is_none(
        self, tokens: Sequence[Token], feature: Feature, within: Sequence[Span], name: Span | None
    ) -> bool:
        """Whether what looks like a feature is another name, or no name at all."""
        if feature.first == feature.last or any(_is_known(one, feature) for one in within):
            return True
        if name is not None and name.bearers[0].means is Means.DEMONYM:
            return True  # a Syrian prison
        called = next((one for one in within if one.first == feature.kind + 1), None)
        if called is None and self.is_common(tokens, feature):
            return True
        if tokens[feature.kind].info.cue & Cue.SCHOOL:
            return _teaches(tokens[feature.kind + 1], called)
        street = tokens[feature.kind].info.cue & Cue.STREET
        return not feature.of and not street and any(map(_is_land, within))

    def is_common(self, tokens: Sequence[Token], feature: Feature) -> bool:
        """Whether a word is too ordinary to be an Arabic name: سوق أثري, سوق العمل."""
        kind = tokens[feature.kind]
        if kind.info.shape is not Shape.UNCASED:
            return False
        name = tokens[feature.kind + 1]
        if name.info.folded in JOINTS or name.info.cue & Cue.PERSON:
            return False
        definite = name.text.startswith(ARTICLE)
        if self._is_led(name) or _disagrees(kind, name):
            return True
        languages, often = self._usage(name.info.folded.removeprefix(ARTICLE))
        if definite:
            return often > (_OFTEN_ADJECTIVE if _describes(kind, name) else _OFTEN_WITH_ARTICLE)
        if feature.last > feature.kind + 1:
            return often > _OFTEN and name.info.folded not in _BEGINNINGS  # عين الحلوة
        if kind.text.endswith(_FEMALE) and name.text.endswith(_FEMALE):
            return bool(often)  # قبة شاهقة: a lofty dome
        return bool(languages) or often > _OFTEN

    def _is_led(self, name: Token) -> bool:
        """Whether a word is another with a letter before it: قاعدة لتحركاتهما."""
        folded = name.info.folded
        often = self._usage(folded).often
        if folded[0] not in _LED or (often and folded[0] != _AND):
            return False
        return any(
            self._usage(base.removeprefix(ARTICLE)).often > max(often, _OFTEN)
            for base in name.info.forms[1:]
            if folded.endswith(base)
        )

    def _names(self, tokens: Sequence[Token], span: Span, feature: Feature) -> bool:
        """Whether a feature is called by a name: مطار دمشق الدولي, and not مخيم عين الحلوة."""
        if span.last == feature.kind - 1:
            return True
        rest = tokens[span.last + 1 : feature.last + 1]
        if span.first != feature.kind + 1 or not all(one.text.startswith(ARTICLE) for one in rest):
            return False
        word = span.first == span.last and not tokens[span.first].text.startswith(ARTICLE)
        if not rest or not word or span.key in RATHER_PLACES:
            return True
        return not self._usage(span.key).languages


def _disagrees(kind: Token, name: Token) -> bool:
    """Whether an adjective is of another gender, and so of another word: المعبد المتراكمة."""
    both = kind.text.startswith(ARTICLE) and name.text.startswith(ARTICLE)
    return both and name.text.endswith(_FEMALE) and not kind.text.endswith(_FEMALE)


def _describes(kind: Token, name: Token) -> bool:
    """Whether a definite word after a definite one says what it is like: الجامع العريق.

    What is of something says whose it is instead: الجامع الأموي.
    """
    if not has_article(kind) or name.info.folded in _HOLY:
        return False
    return not name.text.endswith(_RELATIVE)


def _teaches(name: Token, known: Span | None) -> bool:
    """Whether a school is none by its name: that is no place's, and a word that is known."""
    if known is None:
        return not name.info.strange
    return known.bearers[0].place.kind is Kind.REGION


def _is_lands_school(tokens: Sequence[Token], feature: Feature, name: Span) -> bool:
    """Whether a school is called like a land, in which it need not be: Columbia is in New York."""
    return bool(tokens[feature.kind].info.cue & Cue.SCHOOL) and _is_country(name)


def _without_tail(tokens: Sequence[Token], feature: Feature, within: Sequence[Span]) -> Feature:
    """Return a feature without the adjective of a country after it: جسر المدينة السورية."""
    for span in within:
        tail = feature.kind + 1 < span.first
        if tail and (span.bearers[0].means is Means.DEMONYM or _is_country(span)):
            last = span.first - 1
            return feature._replace(last=last, end=tokens[last].end)
    return feature


def _is_country(span: Span) -> bool:
    return span.bearers[0].place.kind <= Kind.COUNTRY


def _is_land(span: Span) -> bool:
    best = span.bearers[0]
    return best.place.kind <= Kind.ADMIN1 and best.means is Means.NAME


def _is_known(span: Span, feature: Feature) -> bool:
    """Whether a gazetteer has a feature, or a name with its kind in it, or one that goes over."""
    whole = span.first <= feature.first and feature.last <= span.last
    begun = span.first <= feature.kind < span.last
    over = span.first < feature.first or feature.last < span.last
    return whole or begun or over or is_own(span.bearers[0].place)


def inside(found: Sequence[Feature]) -> Iterator[int]:
    """Yield the words that are in features."""
    for feature in found:
        yield from range(feature.first, feature.last + 1)
