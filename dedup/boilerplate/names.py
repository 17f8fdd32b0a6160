"""The names of the phrase rules (`dedup/rules/rules.toml`) that the code tells apart from others."""

from __future__ import annotations

AGENCY = "byline.agency"
AUTHOR = "heading.author"
BYLINE = "byline"
CAPTION = "media.caption"
CONTROL = "media.control"
COMMENTS = "heading.comments"
DATE = "page.date"
FORUM = "navigation.forum"
LINK = "related.link"
MENU = "navigation"
NOTES = "text.notes"
PAGER = "pager"
PART = "navigation.part"
RELATED = "heading.related"
STAMP = "comment.stamp"
TOOLS = "comment.tools"

OF_ARTICLE = frozenset({AGENCY, BYLINE, DATE})
"""Rules whose lines are an article's own, however often a site's pages have the like of them."""
