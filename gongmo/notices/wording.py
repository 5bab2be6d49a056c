"""Small help with words."""

from gongmo.kernel.korean import particle


def quoted(word: str, with_final: str, without_final: str) -> str:
    """The word in quotes with the right particle after them: quoted("국비", "은", "는") → "‘국비’는"."""
    return f"‘{word}’{particle(word, with_final, without_final)[len(word) :]}"
