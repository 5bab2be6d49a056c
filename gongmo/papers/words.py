"""Amounts of money in Korean words, as pledges write them beside the figures so that nobody can add a digit."""

_DIGITS = "영일이삼사오육칠팔구"
_SMALL = ("", "십", "백", "천")
_LARGE = ("", "만", "억", "조", "경")


def number_in_words(amount: int) -> str:
    """A whole number from 0 to 10^20 - 1: 3000000000 → "삼십억", 110 → "일백일십". Every place tells its digit, also one."""
    if not 0 <= amount < 10**20:
        raise ValueError("the amount must lie between 0 and 10^20 - 1")
    if amount == 0:
        return _DIGITS[0]
    parts: list[str] = []
    for place, name in enumerate(_LARGE):
        group = amount // 10 ** (4 * place) % 10**4
        if group:
            figures = reversed(list(enumerate(int(figure) for figure in reversed(f"{group}"))))
            said = "".join(_DIGITS[figure] + _SMALL[power] for power, figure in figures if figure)
            parts.append(said + name)
    return "".join(reversed(parts))


def won_in_words(amount: int) -> str:
    """Won as pledges write it: 3000000000 → "금 삼십억원정"."""
    return f"금 {number_in_words(amount)}원정"
