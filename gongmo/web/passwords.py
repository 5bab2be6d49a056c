"""Passwords that somebody who knows this site would try first."""

from django.core.exceptions import ValidationError
from django.utils.translation import get_language

WORDS = ("gongmo", "공모", "신청서", "평가위원", "담당자", "operator", "agency", "ministry")
"""Words of this site: a password that is one of them and little else is refused."""
OWN_LETTERS = 6
"""Letters that a password must have besides such a word."""


class OwnWords:
    """A validator of AUTH_PASSWORD_VALIDATORS: a word of this site with a year or some signs is no password."""

    def validate(self, password: str, user: object | None = None) -> None:
        rest = password.lower()
        for word in WORDS:
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < OWN_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self) -> str:
        if (get_language() or "ko").startswith("en"):
            return "Please choose a password that is more than a word of this site."
        return "이 사이트에서 쓰는 낱말만으로 된 비밀번호는 쓸 수 없습니다. 다른 말을 더해 주세요."
