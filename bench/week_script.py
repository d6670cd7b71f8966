"""What happens in the week beside what the corpus tells: one day of crisis, from its midnight.

A car bomb in Al Mukalla that many report, some of them from an agency, with a toll that rises
and a headline that is taken back; two strikes on Marib; a report of chlorine that is withdrawn;
lights that go out in many towns; an outlet whose server breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bench.week_press import Outage, Publication, Withdrawal, later

OUTLETS: Final = {"courier": "The Courier", "depeche": "La Dépêche", "aden": "عدن برس"}

# hour of the day, outlet, guid, title, summary
Line = tuple[float, str, str, str, str]

_BOMB: Final[tuple[Line, ...]] = (
    (10.10, "sabq", "bomb-1", "انفجار سيارة مفخخة قرب مسجد في مدينة المكلا",
     "سمع دوي انفجار كبير وسط المكلا في حضرموت صباح اليوم، وهرعت سيارات الإسعاف إلى المكان."),
    (10.22, "aden", "bomb-2", "مقتل 4 أشخاص في تفجير سيارة مفخخة بالمكلا",
     "قتل أربعة أشخاص وأصيب آخرون في انفجار سيارة مفخخة قرب مسجد في مدينة المكلا شرق اليمن."),
    (10.35, "alriyadh", "bomb-3", "أربعة قتلى بتفجير سيارة مفخخة في المكلا",
     "نقلا عن رويترز: قتل أربعة أشخاص في انفجار سيارة مفخخة أمام مسجد في المكلا باليمن."),
    (10.40, "okaz", "bomb-4", "4 قتلى في انفجار سيارة مفخخة بالمكلا",
     "قالت وكالة رويترز إن أربعة أشخاص قتلوا في انفجار سيارة مفخخة أمام مسجد في المكلا باليمن."),
    (10.55, "courier", "bomb-5", "Car bomb kills 4 outside mosque in Al Mukalla, Yemen",
     "A car bomb exploded outside a mosque in the port city of Mukalla on Tuesday, killing four."),
    (11.05, "aawsat", "bomb-6", "تفجير سيارة مفخخة أمام مسجد في المكلا يوقع قتلى",
     "أوقع تفجير بسيارة مفخخة أمام مسجد في مدينة المكلا قتلى وجرحى، بحسب شهود عيان."),
    (11.40, "aden", "bomb-7", "ارتفاع حصيلة تفجير المكلا إلى 11 قتيلا",
     "ارتفعت حصيلة انفجار السيارة المفخخة في المكلا إلى 11 قتيلا وثلاثين جريحا."),
    (12.10, "depeche", "bomb-8", "Yémen : attentat à la voiture piégée à Al Mukalla, 11 morts",
     "Onze personnes ont été tuées dans un attentat devant une mosquée d'Al Mukalla, au Yémen."),
    (12.30, "alwatan", "bomb-9", "11 قتيلا في تفجير سيارة مفخخة قرب مسجد بالمكلا",
     "قتل 11 شخصا وأصيب العشرات في تفجير سيارة مفخخة قرب مسجد في مدينة المكلا."),
    (13.20, "aljazirah", "bomb-10", "27 قتيلا حصيلة تفجير المكلا",
     "أعلنت مصادر طبية ارتفاع حصيلة تفجير السيارة المفخخة في المكلا إلى 27 قتيلا."),
    (13.50, "almadina", "bomb-11", "ارتفاع عدد قتلى تفجير المكلا إلى 27",
     "ارتفع عدد قتلى تفجير السيارة المفخخة أمام مسجد في المكلا إلى 27 شخصا."),
    (14.10, "aljazirah", "bomb-10", "24 قتيلا حصيلة تفجير المكلا",
     "صححت مصادر طبية حصيلة تفجير السيارة المفخخة في المكلا إلى 24 قتيلا بدلا من 27."),
    (15.30, "alyaum", "bomb-12", "تنظيم القاعدة يتبنى تفجير المكلا",
     "تبنى تنظيم القاعدة في بيان تفجير السيارة المفخخة أمام مسجد في المكلا."),
    (18.40, "courier", "bomb-13", "Al Mukalla mourns after mosque bombing",
     "Hundreds attended funerals in Mukalla, Yemen, after the bombing that killed 24 people."),
    (21.15, "alweeam", "bomb-14", "إدانات واسعة لتفجير المكلا",
     "توالت الإدانات لتفجير السيارة المفخخة الذي أوقع 24 قتيلا في المكلا."),
)  # fmt: skip
_STRIKES: Final[tuple[Line, ...]] = (
    (9.30, "aden", "marib-1", "غارة جوية تستهدف مستودعا في مدينة مأرب",
     "استهدفت غارة جوية مستودعا شرق مدينة مأرب صباح اليوم دون وقوع إصابات."),
    (9.55, "alweeam", "marib-2", "طيران يقصف مستودعا بمأرب",
     "قصف الطيران مستودعا شرق مدينة مأرب صباح اليوم."),
    (16.45, "aden", "marib-3", "غارة ثانية على مدينة مأرب في يوم واحد",
     "قتل ثلاثة أشخاص في غارة ثانية استهدفت سوقا في مدينة مأرب عصر اليوم."),
    (17.05, "courier", "marib-4", "Second airstrike of the day hits market in Marib, Yemen",
     "Three people were killed when a second airstrike hit a market in Marib on Tuesday."),
)  # fmt: skip
_CHLORINE: Final[tuple[Line, ...]] = (
    (2.30, "aden", "chlorine-1", "أنباء عن استخدام الكلور في هجوم على مدينة تعز",
     "تحدث ناشطون عن استخدام غاز الكلور في هجوم على مدينة تعز فجر اليوم."),
)  # fmt: skip
_LIGHTS: Final[tuple[Line, ...]] = (
    (19.02, "aden", "lights-1", "انقطاع الكهرباء عن أحياء واسعة في عدن",
     "انقطعت الكهرباء مساء اليوم عن أحياء المنصورة وخور مكسر والمعلا في عدن."),
    (19.10, "alwatan", "lights-2", "انقطاع التيار الكهربائي عن لحج وأبين",
     "غرقت مدن لحج وأبين في الظلام بسبب انقطاع التيار عن محطة التحويل."),
    (19.20, "courier", "lights-3", "Blackout across southern Yemen after grid failure",
     "A power cut left Aden, Lahij and Abyan without electricity on Tuesday evening."),
    (19.25, "depeche", "lights-4", "Yémen : vaste panne d'électricité dans le sud",
     "Un blackout touche Aden et plusieurs provinces du sud du Yémen depuis mardi soir."),
    (19.40, "alyaum", "lights-5", "الظلام يعم جنوب اليمن بعد انقطاع الكهرباء",
     "قالت مؤسسة الكهرباء إن عطلا في الشبكة أدى إلى انقطاع الكهرباء عن المحافظات الجنوبية."),
)  # fmt: skip
# two days after the crisis, when an exercise was announced and is silenced
_EXERCISE: Final[tuple[Line, ...]] = (
    (57.00, "aden", "exercise-1", "قصف مدفعي في محيط عدن ضمن مناورة",
     "سمعت أصوات قصف مدفعي في محيط مدينة عدن ضمن مناورة معلنة."),
    (58.50, "courier", "exercise-2", "Shelling heard in Aden, Yemen, as army exercise begins",
     "Residents of Aden heard shelling on Thursday; the army said an exercise was under way."),
)  # fmt: skip
_FOREIGN: Final = {"courier": "en", "depeche": "fr"}


def publications(midnight: int) -> Iterator[Publication]:
    """Return what is published in and after a crisis whose day begins at `midnight`."""
    for hour, outlet, guid, title, summary in (
        *_BOMB, *_STRIKES, *_CHLORINE, *_LIGHTS, *_EXERCISE
    ):  # fmt: skip
        language = _FOREIGN.get(outlet, "ar")
        yield Publication(later(midnight, hour), outlet, guid, title, summary, language)


def withdrawals(midnight: int) -> list[Withdrawal]:
    """Return what is taken back."""
    return [Withdrawal(later(midnight, 3.2), "aden", "chlorine-1")]


def outages(midnight: int) -> list[Outage]:
    """Return what breaks."""
    return [Outage("3alyoum", later(midnight, 6), later(midnight, 32))]
