"""Safe names for files that people hand in. The stored name is the content's hash; this one is only shown and downloaded."""

import unicodedata

LONGEST = 180
_REPLACED = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))


def safe_name(name: str, *, fallback: str = "파일") -> str:
    """The last part of the name, composed (macOS sends Korean letters taken apart), without control or direction-changing characters.

    At most 180 characters; the extension is kept.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    shown = " ".join(shown.translate(_REPLACED).split()).strip(". ")
    if not shown:
        return fallback
    stem, dot, extension = shown.rpartition(".")
    if not dot or len(extension) > 10:
        return shown[:LONGEST]
    return f"{stem[: LONGEST - len(extension) - 1].rstrip() or fallback}.{extension}"


def extension_of(name: str) -> str:
    """Extension in lower case without the dot ("" without one). "jpeg" and "jpg" are the same."""
    _, dot, extension = name.rpartition(".")
    found = extension.strip().lower() if dot else ""
    return "jpg" if found == "jpeg" else found
