"""Names of months and zones, and letters and digits brought to one form."""

from __future__ import annotations

from typing import Final

DIGITS: Final = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", "\u200e\u200f\u202a\u202b\u202c\u061c\ufeff"
)
LETTERS: Final = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "،": ",",
        "ـ": None, "\u200c": None, "\u0307": None, "−": "-",
    }
)  # fmt: skip

_NAMES: Final = (
    "jan january janvier janv يناير جانفي ژانويه ژانوي янв января oca ocak",
    "feb february février fevrier févr fév فبراير فيفري فوريه февр фев февраля şub şubat subat",
    "mar march mars مارس марта мар mart",
    "apr april avril avr ابريل افريل اوريل апр апреля nis nisan",
    "may mai مايو ماي مه مي мая mayıs mayis",
    "jun june juin يونيو جوان ژوئن июн июня haz haziran",
    "jul july juillet juil يوليو جويلية ژوئيه июл июля tem temmuz",
    "aug august août aout اغسطس اوت авг августа ağu ağustos agustos",
    "sep sept september septembre سبتمبر سپتامبر сен сент сентября eyl eylül eylul",
    "oct october octobre اكتوبر اكتبر окт октября eki ekim",
    "nov november novembre نوفمبر نوامبر ноя нояб ноября kas kasım kasim",
    "dec december décembre déc decembre ديسمبر دسامبر дек декабря ara aralık aralik",
)
_LEVANTINE: Final = (
    "كانون الثاني", "شباط", "اذار", "نيسان", "ايار", "حزيران",
    "تموز", "اب", "ايلول", "تشرين الاول", "تشرين الثاني", "كانون الاول",
)  # fmt: skip

MONTHS: Final = {
    name: number for number, names in enumerate(_NAMES, 1) for name in names.split()
} | {name: number for number, name in enumerate(_LEVANTINE, 1)}

# Minutes east of UTC. AST is the standard's Atlantic time, IST India's.
ZONES: Final = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60,
    "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "sast": 120, "msk": 180,
    "trt": 180, "irst": 210, "irdt": 270, "gst": 240, "pkt": 300, "ist": 330, "jst": 540,
    "kst": 540, "hkt": 480, "sgt": 480, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
