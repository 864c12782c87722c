"""Says in French what the system refuses, and what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: What each refusal is, and what to do; by the system's number.
REFUSALS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOSPC: ("le disque est plein", "libérez de la place, puis recommencez"),
    errno.EDQUOT: ("votre part du disque est pleine", "libérez de la place, puis recommencez"),
    errno.EFBIG: (
        "le fichier dépasse la taille que le système permet",
        "relevez la limite (« ulimit -f »), puis recommencez",
    ),
    errno.EROFS: (
        "le disque est en lecture seule",
        "copiez le guide là où vous pouvez écrire, puis recommencez",
    ),
    errno.EACCES: (
        "les droits d'accès l'interdisent",
        "voyez à qui sont le fichier et son dossier, puis recommencez",
    ),
    errno.EPERM: (
        "le système l'interdit",
        "voyez à qui sont le fichier et son dossier, puis recommencez",
    ),
    errno.EMFILE: (
        "trop de fichiers sont ouverts à la fois",
        "relevez la limite (« ulimit -n »), puis recommencez",
    ),
    errno.ENFILE: (
        "trop de fichiers sont ouverts sur cette machine",
        "fermez des programmes, puis recommencez",
    ),
    errno.ENAMETOOLONG: (
        "le nom ou le chemin est trop long",
        "raccourcissez-le, ou placez le guide moins profond",
    ),
    errno.ENOMEM: ("la mémoire manque", "fermez des programmes, puis recommencez"),
    errno.EAGAIN: ("trop de programmes tournent à la fois", "fermez-en, puis recommencez"),
    errno.EIO: ("le disque ne répond pas comme il faut", "copiez le guide sur un autre disque"),
    errno.EBUSY: (
        "un autre programme s'en sert, ou c'est le point de montage d'un disque",
        "libérez-le, puis recommencez",
    ),
    errno.EXDEV: ("c'est sur un autre disque", "placez tout le guide sur le même disque"),
    errno.ENOENT: ("ce n'est plus là", "recommencez"),
    errno.EEXIST: ("la place est déjà prise", "déplacez ce qui s'y trouve, puis recommencez"),
    errno.ENOTDIR: ("un fichier est à la place d'un dossier", "déplacez-le, puis recommencez"),
    errno.EISDIR: ("un dossier est à la place d'un fichier", "déplacez-le, puis recommencez"),
    errno.ENOTEMPTY: ("le dossier n'est pas vide", "recommencez"),
    errno.EADDRINUSE: (
        "un autre programme s'en sert",
        "choisissez-en un autre avec --port",
    ),
}


def told(error: OSError) -> str:
    """Tell a refusal as a sentence, from the file that it is about where the system names it."""
    what, advice = REFUSALS.get(error.errno or 0, (said(error), "recommencez"))
    sentence = f"{what} — {advice}."
    name = error.filename2 or error.filename  # of a copy or a move, where it was going
    if isinstance(name, bytes | str):
        return f"{_place(name)} : {sentence}"
    return sentence[0].upper() + sentence[1:]


def said(error: OSError) -> str:
    """Name a refusal, without advice."""
    what, _ = REFUSALS.get(error.errno or 0, ("", ""))
    return what or f"le système refuse, sans que l'on sache pourquoi (erreur {error.errno})"


def _place(name: str | bytes) -> str:
    """Give a path from the folder that the command runs in, if it is below."""
    path = Path(name.decode(errors="replace") if isinstance(name, bytes) else name)
    try:
        return path.relative_to(Path.cwd()).as_posix() if path.is_absolute() else path.as_posix()
    except (ValueError, OSError):
        return path.as_posix()
