"""Who is cited for what others publish, and how: names of wires and monitors, phrases.

What stands here is folded where it is used. A line of names is one origin.
"""

from __future__ import annotations

from typing import Final

UNNAMED: Final = "agencies"  # an item that is of "agencies", whichever they were
AGENCIES: Final[dict[str, str]] = {
    UNNAMED: "agencies, news agencies, wires, agences, وكالات, الوكالات, агентства, ajanslar",
    "reuters": "Reuters, رويترز, رویترز, Рейтер, Рейтерс, רויטרס, 路透社, 路透, ロイター",
    "afp": "AFP, Agence France-Presse, فرانس برس, أ ف ب, АФП, 法新社",
    "ap": "AP, Associated Press, أسوشيتد برس, أسوشييتد برس, أ ب, 美联社",
    "dpa": "dpa, Deutsche Presse-Agentur, د ب أ",
    "efe": "EFE, إفي",
    "ansa": "ANSA, أنسا",
    "adnkronos": "Adnkronos, AKI, آكي",
    "upi": "UPI",
    "bloomberg": "Bloomberg, بلومبرغ, بلومبيرغ",
    "tass": "TASS, ТАСС, تاس",
    "interfax": "Interfax, Интерфакс, إنترفاكس",
    "ria": "RIA Novosti, РИА Новости, ريا نوفوستي",
    "sputnik": "Sputnik, سبوتنيك",
    "ukrinform": "Ukrinform, Укринформ, Укрінформ",
    "unian": "UNIAN, УНИАН, УНІАН",
    "xinhua": "Xinhua, شينخوا, 新华社, 新華社",
    "kyodo": "Kyodo, 共同社",
    "yonhap": "Yonhap, يونهاب",
    "anadolu": "Anadolu, Anadolu Agency, Anadolu Ajansı, AA, الأناضول",
    "iha": "İHA, İhlas Haber Ajansı",
    "dha": "DHA, Demirören Haber Ajansı",
    "sana": "SANA, سانا",
    "nna": "NNA, National News Agency, الوكالة الوطنية للإعلام",
    "irna": "IRNA, إيرنا, ایرنا",
    "isna": "ISNA, ایسنا",
    "tasnim": "Tasnim, تسنيم, تسنیم",
    "fars": "Fars News, وكالة فارس, خبرگزاری فارس",
    "wafa": "WAFA, وكالة وفا",
    "spa": "Saudi Press Agency, واس",
    "wam": "WAM, وام",
    "petra": "بترا",
    "mena": "أ ش أ, وكالة أنباء الشرق الأوسط, Middle East News Agency",
    "ina": "وكالة الأنباء العراقية, واع, Iraqi News Agency",
    "hawar": "ANHA, Hawar News, هاوار",
    "north-press": "North Press, نورث برس",
    "aljazeera": "Al Jazeera, الجزيرة نت, قناة الجزيرة",
    "alarabiya": "Al Arabiya, العربية نت, قناة العربية",
    "cnn": "CNN, سي إن إن",
    "bbc": "BBC, بي بي سي",
    "sohr": (
        "SOHR, OSDH, Syrian Observatory, Syrian Observatory for Human Rights, المرصد, "
        "المرصد السوري, المرصد السوري لحقوق الإنسان, Observatoire syrien des droits de l'homme, "
        "Suriye İnsan Hakları Gözlemevi, Сирийская обсерватория"
    ),
    "euro-med": "Euro-Med Monitor, Euro-Med Human Rights Monitor, المرصد الأورومتوسطي",
    "snhr": "SNHR, Syrian Network for Human Rights, الشبكة السورية لحقوق الإنسان",
    "white-helmets": (
        "White Helmets, Syrian Civil Defence, الخوذ البيضاء, الدفاع المدني السوري, Casques blancs"
    ),
}

# what stands before the name of who is cited
BEFORE: Final = (
    "according to, citing, cites, quoting, quotes, reported by, cited by, quoted by, source, via, "
    "told, نقلا عن, نقلت عن, نقلت, بحسب, حسب, وفق, وفقا, استنادا إلى, المصدر, قال, قالت, أفاد, "
    "أفادت, ذكر, ذكرت, أعلن, أعلنت, أكد, أكدت, وثق, وثقت, أوردت, بثت, نشرت, "
    "selon, d'après, citant, cité par, rapporté par, source, "
    "laut, nach angaben, según, citando a, по данным, со ссылкой на, сообщает, сообщили, передает, "
    "по сообщению, за даними, з посиланням на, повідомляє, به گزارش, به نقل از, לפי, על פי"
)
# what may stand between the two
BETWEEN: Final = (
    "the, a, an, l, la, le, les, de, der, die, das, el, news, agency, agence, agencia, agentur, "
    "channel, chaîne, newspaper, website, journal, television, tv, وكالة, وكالتي, وكالات, الأنباء, "
    "أنباء, قناة, صحيفة, موقع, شبكة, إذاعة, تلفزيون, агентство, агентства, агентству, телеканал, "
    "خبرگزاری, شبکه, סוכנות"
)
# what stands after it
AFTER: Final = (
    "reported, reports, said, says, reporting, announced, confirmed, documented, "
    "قال, قالت, أفاد, أفادت, أعلن, أكد, وثق, rapporte, affirme, annonce, indique, "
    "berichtet, meldet, informó, сообщает, сообщил, сообщило, сообщили, передает, "
    "duyurdu, bildirdi, haberine, a göre, e göre, ya göre, ye göre, göre"
)
