"""Refusals: the answer of a command or a reader that cannot do what was asked, in words a person can act on."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A command refuses. `code` is stable for programs; `ko` and `en` are plain sentences that say what to do.

    `details` holds plain values (numbers, instants as ISO text) that explain the refusal; `findings` may hold the rule
    findings that led to it.
    """

    status = 409

    def __init__(
        self,
        code: str,
        ko: str,
        en: str,
        *,
        details: Mapping[str, Any] | None = None,
        findings: tuple[Any, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.ko = ko
        self.en = en
        self.details = dict(details or {})
        self.findings = findings


class NotAllowed(Refused):
    """The actor may not do this. Says who may."""

    status = 403


class NotFound(Refused):
    """There is no such thing, or the actor may not know that there is. The two are told in the same words on purpose."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "not_found",
            "찾으시는 내용이 없거나 볼 수 있는 권한이 없습니다.",
            "There is no such item, or you may not see it.",
        )


class BadInput(Refused):
    """The input itself is unusable. `field` names the input when there is one."""

    status = 422

    def __init__(
        self,
        code: str,
        ko: str,
        en: str,
        *,
        field: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, ko, en, details=details)
        self.field = field
