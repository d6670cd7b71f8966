"""Countries by one letter in Chinese and Japanese: 美籍, 驻俄, 中美, and who is meant.

They mean a country only where words begin and end: 办法方面 has 法方 in it, 以方便 以方.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rasid.places.model import Means
from rasid.places.own_words import WordOf, codes, letters

_AFTER: Final = {"zh": "籍裔军方媒", "zh_Hant": "籍裔軍方媒"}
_BEFORE: Final = {"zh": "驻访反亲", "zh_Hant": "駐訪反親"}
# earthwork, addition, the middle army, in Chinese; of Iraq as well; Westerners
_NOT: Final = """
土方 加方 加军 加媒 中军 中籍 中裔 访中 驻中 伊军 伊籍 伊裔 中軍 訪中 駐中 巴裔 巴籍
"""
_OTHERWISE: Final = frozenset(_NOT.split())
# those that mean nothing else: 以法 is by law, 加法 addition, 日中 by day, 5日美 the fifth
_PAIRS: Final = """
中美 美中 中俄 俄中 俄乌 乌俄 俄烏 烏俄 韩日 韓日 美日 美韩 韩美 美韓 韓美 朝美 美朝
朝韩 韩朝 朝韓 韓朝 中朝 中韩 中韓 巴以 以巴 印巴 美俄 俄美 英美 美英 英法 法德 德法
美伊 中印 印中 中英 中澳 澳中 俄土 土俄 印美 美印 米韓 米朝 米露 中露 露朝 英仏 独仏
仏独
"""


def words() -> Iterator[WordOf]:
    """Return all such words."""
    known = [(f"country:{code}", tag, letter) for tag, code, letter in letters()]
    for identity, tag, letter in known:
        made = [letter + end for end in _AFTER.get(tag, "")]
        made += [begin + letter for begin in _BEFORE.get(tag, "")]
        for text in made:
            if text not in _OTHERWISE:
                yield WordOf(identity, text, Means.DEMONYM, tag.partition("_")[0])
    for pair in _PAIRS.split():
        for code in codes(pair[0], pair[1]) | codes(pair[1], pair[0]):
            yield WordOf(f"country:{code}", pair, Means.DEMONYM, "zh")
