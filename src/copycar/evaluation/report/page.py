"""Puts a title and sections into the page of a report. Knows nothing of what they say."""

from html import escape
from importlib.resources import files
from string import Template


def page(title: str, body: str, date: str) -> str:
    """Return a page, one self-contained file, HTML.

    Args:
        title: plain text.
        body: HTML.
        date: ISO 8601.
    """
    here = files("copycar.evaluation.report")
    template = Template((here / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(title),
        style=(here / "page.css").read_text(encoding="utf-8"),
        script=(here / "page.js").read_text(encoding="utf-8"),
        body=body,
        date=escape(date),
    )


def section(title: str, content: str) -> str:
    """Return a section with its heading; `content` is HTML."""
    return f"<section><h2>{escape(title)}</h2>{content}</section>"
