"""Words that say what a street, a river or a building is that is called by a name.

Those of scripts with capitals stand after the name, but for lakes and mountains; Arabic ones
before it.
"""

from __future__ import annotations

from typing import Final

# what need not lie where its name says
ROADS: Final = """
street st avenue ave road rd boulevard blvd drive dr lane parkway pkwy expressway freeway trail
river creek lake lakes pond bay hill park wilderness falls canal reservoir strait
caddesi sokak sokağı bulvarı nehri gölü mahallesi
"""
STREETS: Final = "شارع خیابان"
LAKES: Final = """
lake mount mt rue avenue boulevard улица улице улицы улицу проспект проспекте вулиця вулиці вулицю
"""
# what does, as an airport
SITES: Final = """
township twp airport crossing camp dam mosque bridge beach hills mountain mountains valley canyon
forest island islands peninsula desert harbor harbour havalimanı limanı köprüsü barajı
"""
BUILDINGS: Final = """
جامع مسجد كنيسة كاتدرائية معبد مرقد ضريح مقام قلعة متحف ملعب أستاد استاد مستشفى مشفى سجن مخيم مطار
ميناء معبر حاجز سد محطة مصفاة بيمارستان ساحة ميدان دوار حقل قاعدة ثكنة جسر سوق قصر برج مفرق
قبة مئذنة منارة تكية مصلى كنيس تل تلة وادي
"""
# and what is called by its name alone: نهر بردى
LAND: Final = "نهر جبل حي بحيرة هضبة سهل"
# where people learn: there by the name of a town, anywhere by that of a land
SCHOOLS: Final = "جامعة كلية معهد مدرسة مكتبة أكاديمية"
# what the names of many places begin with: عين الحلوة, باب توما
BEGINNINGS: Final = """
عين باب بيت دير برج كفر رأس راس خان تل تلة بئر بير أبو أم ذي سوق قصر حصن قلعة وادي جسر شيخ نبع مار
سان سانت سانتا خربة مرج حوش دوار رجم حمام حقل ساحل مرسى ميناء قرن شرم شط جب دار دوحة جزيرة
"""
