"""The words around an item, in the languages that a receiver can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rasid.models import Hold


@dataclass(frozen=True, slots=True)
class Frame:
    """Words of one language; what stands in braces is filled in."""

    language: str
    rule: str
    alert: str
    alerts: str
    only_alert: str  # where no rule is named
    only_alerts: str
    was: str
    now: str
    withdrawn: str  # before a title
    seen: str
    undated: str
    no_title: str
    far: str  # {km}, {place}
    spot: str
    town: str
    area: str
    items: str  # {count}
    heads: Mapping[Hold, str]  # of lists: {slot} where they have one
    acknowledge: str  # before a link
    acknowledge_all: str  # before that of a list
    escalated: str  # {since}, a time
    comma: str = ", "
    arrow: str = "→"  # from a number to the one that took its place, as one reads
    is_rtl: bool = False

    def pin(self, kind: str) -> str:
        """Return what a pin on the map stands for."""
        return {"spot": self.spot, "town": self.town}.get(kind, self.area)


ENGLISH: Final = Frame(
    language="en",
    acknowledge="Acknowledge: ",
    acknowledge_all="Acknowledge all of these: ",
    escalated="Escalated: not acknowledged since {since}",
    rule="Rule",
    alert="alert",
    alerts="alerts",
    only_alert="Alert",
    only_alerts="Alerts",
    was="was: ",
    now="now: ",
    withdrawn="Withdrawn by its outlet: ",
    seen="seen ",
    undated="undated",
    no_title="(no title)",
    far="{km} km from {place}",
    spot="the spot",
    town="centre of the town",
    area="centre of the area",
    items="items: {count}",
    heads={
        Hold.DIGEST: "Digest of {slot}",
        Hold.QUIET_HOURS: "Held in the quiet hours since {slot}",
        Hold.LIMITED: "More than the limit lets through one by one",
        Hold.STORY: "More on a story that was told",
        Hold.COOLDOWN: "More of a rule within its cool-down",
        Hold.SILENCED: "Kept back by a silence",
    },
)
_ARABIC: Final = Frame(
    language="ar",
    acknowledge="لتأكيد الاستلام: ",
    acknowledge_all="لتأكيد استلامها كلها: ",
    escalated="تصعيد: لم يؤكَّد الاستلام منذ {since}",
    rule="القاعدة",
    alert="التنبيه",
    alerts="التنبيهات",
    only_alert="التنبيه",
    only_alerts="التنبيهات",
    was="كان: ",
    now="الآن: ",
    withdrawn="سحبه المصدر: ",
    seen="رُصد ",
    undated="بلا تاريخ",
    no_title="(بلا عنوان)",
    far="على بعد {km} كم من {place}",
    spot="الموقع نفسه",
    town="مركز البلدة",
    area="مركز المنطقة",
    items="عدد المواد: {count}",
    heads={
        Hold.DIGEST: "ملخص {slot}",
        Hold.QUIET_HOURS: "ما حُجز في ساعات الهدوء منذ {slot}",
        Hold.LIMITED: "ما زاد عن الحد المسموح به",
        Hold.STORY: "المزيد عن خبر سبق إرساله",
        Hold.COOLDOWN: "المزيد ضمن مهلة القاعدة",
        Hold.SILENCED: "ما حُجز أثناء الإسكات",
    },
    comma="، ",
    arrow="←",
    is_rtl=True,
)
_FRENCH: Final = Frame(
    language="fr",
    acknowledge="Accuser réception : ",
    acknowledge_all="Accuser réception de tout : ",
    escalated="Escalade : sans accusé de réception depuis {since}",
    rule="Règle",
    alert="alerte",
    alerts="alertes",
    only_alert="Alerte",
    only_alerts="Alertes",
    was="avant : ",
    now="maintenant : ",
    withdrawn="Retiré par sa source : ",
    seen="vu ",
    undated="sans date",
    no_title="(sans titre)",
    far="à {km} km de {place}",
    spot="le lieu même",
    town="centre de la ville",
    area="centre de la zone",
    items="articles : {count}",
    heads={
        Hold.DIGEST: "Résumé du {slot}",
        Hold.QUIET_HOURS: "Retenu pendant les heures calmes depuis le {slot}",
        Hold.LIMITED: "Au-delà de la limite d'envoi",
        Hold.STORY: "Suite d'un sujet déjà signalé",
        Hold.COOLDOWN: "Suite, dans le délai de la règle",
        Hold.SILENCED: "Retenu pendant un silence",
    },
)
_FRAMES: Final = {one.language: one for one in (ENGLISH, _ARABIC, _FRENCH)}


def frame(language: str) -> Frame:
    """Return the words of a language, those of English where there are none."""
    return _FRAMES.get(language.partition("-")[0], ENGLISH)
