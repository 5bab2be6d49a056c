"""A line of the table: an address, and what each role is answered there."""

from dataclasses import dataclass
from http import HTTPStatus

WORDS = {
    HTTPStatus.OK: "ok",
    HTTPStatus.FOUND: "moved",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "missing",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.UNPROCESSABLE_ENTITY: "input",
}
"""Answers in words. "login" is the way to the sign-in page. Posts in the table are empty: who may post is told what is missing,
or is sent on, which is "heard" here; the acts themselves have their own tests."""
HEARD = frozenset({"ok", "moved", "conflict", "input"})


@dataclass(frozen=True, init=False)
class Row:
    """An address and its answers: `usual` for every role but those named."""

    method: str
    path: str
    usual: str
    others: dict[str, str]

    def __init__(self, method: str, path: str, usual: str, **others: str) -> None:
        object.__setattr__(self, "method", method)
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "usual", usual)
        object.__setattr__(
            self, "others", {role: word for word, roles in others.items() for role in roles.split()}
        )

    def expected(self, role: str) -> str:
        return self.others.get(role, self.usual)
