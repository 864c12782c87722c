"""Opens the search index of the content for the command line.

What reads, checks and builds is imported only when the index has to be made again: an answer from
an index that is there takes a fraction of a second.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from builder import search
from builder.lock import alone
from builder.problems import has_errors
from builder.reading import WORK, files
from builder.stamps import UnsteadyError
from builder.vocabulary import Vocabulary


class NotSearchableError(Exception):
    """The content has errors: what it holds cannot be found yet."""


def open_search(root: Path) -> search.Index:
    """Open the search index of the content; build it if that has changed, or the index is damaged.

    Raises NotSearchableError when the content has errors or cannot be read, UnsteadyError when it
    is changing.
    """
    folder = root / WORK / "search"
    try:
        mark = search.mark(files(root))
    except OSError as error:
        raise NotSearchableError from error

    def source() -> tuple[Iterable[search.SearchEntry], Vocabulary]:
        from builder.findable import findable
        from builder.guide import examine

        checked = examine(root)
        if search.mark(files(root)) != mark:  # an index must never bear another's mark
            raise UnsteadyError("Des fichiers changent en ce moment : recommencez.")
        if has_errors(checked.problems):
            raise NotSearchableError
        return findable(checked.library), checked.library.vocabulary

    with suppress(OSError, ValueError):
        return search.load(folder / mark)
    try:
        with alone(root, "search", lambda said: None):
            return search.cached(folder, mark, source)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        return search.build(*source())  # somebody else's guide: the index is kept nowhere
