"""What each recorded act is called, so that a history can be read by people. Each app names its own acts in `acts.py`."""

from collections.abc import Mapping

_names: dict[str, tuple[str, str]] = {}


def name_acts(names: Mapping[str, tuple[str, str]]) -> None:
    """Register acts by their identifier ("applications.submit"): Korean and English words. ValueError when one is taken."""
    for act, words in names.items():
        if _names.get(act, words) != words:
            raise ValueError(f"the act {act} has two names")
        _names[act] = words


def act_name(act: str) -> tuple[str, str]:
    """Korean and English words for an act; an act that nobody named is shown by its identifier."""
    return _names.get(act, (act, act))


def named_acts() -> frozenset[str]:
    """Every act that has a name."""
    return frozenset(_names)
