"""The documentation site: every page of the manual as it lies in the repository, and the reference.

`make docs` builds it. The source directory is the repository itself, so that a link between pages is the same
here and where the repository is browsed. What is listed in an entry page, `README.md`, is the navigation.

Source: https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

from __future__ import annotations

import re
from typing import Any

import cupola

project = "cupola"
author = "the cupola authors"
copyright = author
version = release = cupola.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/README"
include_patterns = [
    "README.md",
    "README.zh-CN.md",
    "docs/**",
    "src/cupola/plugins/**/README.md",
    "src/cupola/plugins/README.md",
    "web/src/README.md",
    "web/src/dashboard/README.md",
    "tests/skeleton/README.md",
    "*.md",
]

html_theme = "furo"
html_title = f"cupola {release}"
html_copy_source = False
html_show_sphinx = False
html_additional_pages = {"index": "to_the_entry_page.html"}
templates_path = ["templates"]

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": "object", "show-inheritance": False}
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
default_role = "literal"  # docstrings write code as Markdown does


def navigation(text: str) -> str:
    """Trees of contents for an entry page: one for each heading that has a list of links below it."""
    trees = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        pages = re.findall(r"\]\(([^)#:]+)\.md\)", body)
        if pages:
            trees.append("\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```"]))
    return "\n\n".join(trees)


def add_navigation(app: Any, name: str, source: list[str]) -> None:
    """Appends what an entry page lists, as the site's navigation."""
    if re.fullmatch(r"docs/(zh-CN/)?README", name):
        source[0] += "\n\n" + navigation(source[0])


def setup(app: Any) -> None:
    """What Sphinx calls."""
    from pygments.lexers.special import TextLexer

    for unknown_to_pygments in ("caddyfile", "svelte"):
        app.add_lexer(unknown_to_pygments, TextLexer)
    app.connect("source-read", add_navigation)
