"""The Scrapy adapter: everything that knows Scrapy, Twisted and feedparser."""
