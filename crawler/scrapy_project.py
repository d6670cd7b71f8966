"""The hardened settings as the module of names that Scrapy's own tools read."""

from __future__ import annotations

from crawler.settings import HARDENED_SETTINGS

globals().update(HARDENED_SETTINGS)
