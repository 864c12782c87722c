"""What every build needs, imported and compiled once, before the processes that build are forked.

Nothing here may start a thread: a fork would lose it.
"""

from __future__ import annotations

from importlib import import_module

from builder import pages
from builder.model import MODELS
from builder.schemas import shape

for _module in (
    "babel.support",
    "builder.guide",
    "builder.scratch",
    "colorama",
    "markdown.extensions.attr_list",
    "markdown.extensions.fenced_code",
    "markdown.extensions.tables",
    "markdown.extensions.toc",
    "material",
    "mkdocs.commands.build",
    "mkdocs.theme",
    "PIL.PngImagePlugin",
    "whoosh.codec.whoosh3",
):
    import_module(_module)
_templates = pages._environment()
for _name in _templates.list_templates():
    _templates.get_template(_name)
for _model in MODELS.values():
    shape(_model)
