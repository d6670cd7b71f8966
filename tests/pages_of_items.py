"""Pages of items of our own making, in the shape of outlets'."""

from __future__ import annotations

BODY = (
    "سقطت عدة قذائف على الأحياء السكنية في المدينة صباح اليوم وأسفرت عن إصابة مدنيين بجروح.",
    "وقال مصدر في الدفاع المدني إن فرق الإنقاذ انتشلت عالقين من تحت أنقاض منزل من طابقين.",
    "وأضاف أن الجسر المعلق خرج عن الخدمة بعد أن أصابته قذيفة، وأن الأهالي يعبرون النهر بالقوارب.",
)


def page(
    *paragraphs: str, title: str = "أخبار المدينة", head: str = "", charset: str = "utf-8"
) -> bytes:
    """Return a page with a menu, a text, links to others and a foot."""
    text = "".join(f"<p>{one}</p>" for one in paragraphs or BODY)
    return f"""<!doctype html><html lang="ar" dir="rtl"><head><title>{title} | Paper</title>{head}
<meta property="og:title" content="{title}"></head><body>
<header><nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/sport">كرة القدم</a></li></ul></nav>
</header><main><article><h1>{title}</h1>{text}</article></main>
<aside><h3>اقرأ أيضا</h3><ul><li><a href="/77">مباراة اليوم في كرة القدم</a></li></ul></aside>
<footer>جميع الحقوق محفوظة</footer><script>var menu = "كرة القدم";</script></body></html>
""".encode(charset)
