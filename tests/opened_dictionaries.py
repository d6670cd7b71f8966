"""The dictionaries that the tests of one process share: each word is looked up once."""

from __future__ import annotations

from rasid.text.dictionary import Dictionaries

DICTIONARIES = Dictionaries()
