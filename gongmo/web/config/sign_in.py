"""Who must show a second factor, and other services by which people sign in."""

import json
import os
from typing import Any
from urllib.parse import urlsplit

from gongmo.web.config.base import listing, text
from gongmo.web.wrong import Wrong, or_else

_ROLES = ("ministry", "agency", "task_force", "evaluator", "operator")


@or_else(lambda *, embedded: list(_ROLES))
def second_factor_roles(*, embedded: bool) -> list[str]:
    """Roles that need a second factor (GONGMO_REQUIRE_SECOND_FACTOR): all offices on a server, none embedded, unless set otherwise.

    "none" or an empty value asks nobody. Raises Wrong for other words.
    """
    if "GONGMO_REQUIRE_SECOND_FACTOR" not in os.environ:
        return [] if embedded else list(_ROLES)
    named = listing("GONGMO_REQUIRE_SECOND_FACTOR")
    if named in ([], ["none"]):
        return []
    if unknown := [each for each in named if each not in _ROLES]:
        raise Wrong(
            "GONGMO_REQUIRE_SECOND_FACTOR",
            f"{', '.join(unknown)}: 그런 역할은 없습니다. {', '.join(_ROLES)} 가운데서 쉼표로 이어 적거나 none으로 적어 주세요.",
            f"{', '.join(unknown)} is no role. Roles: {', '.join(_ROLES)}, or none.",
        )
    return named


_NO_SERVICES: tuple[list[dict[str, Any]], list[str]] = ([], [])


@or_else(lambda: _NO_SERVICES)
def other_sign_ins() -> tuple[list[dict[str, Any]], list[str]]:
    """Apps for allauth's openid_connect provider (GONGMO_OIDC), and the origins to which their sign-in leads.

    The variable holds a JSON object or a list of them: `name` (on the button), `issuer` (its address, without /.well-known), `client_id`,
    `secret`, and optionally `id` (in the callback's address; else made from its place) and `origins` (further addresses to which the
    service leads, for the page's form-action). Raises Wrong.
    """
    given = text("GONGMO_OIDC")
    if not given:
        return [], []
    try:
        told = json.loads(given)
    except ValueError as error:
        raise Wrong("GONGMO_OIDC", "JSON으로 적어 주세요 (docs/accounts.md).", "must be JSON.") from error
    apps, origins = [], []
    for place, each in enumerate(told if isinstance(told, list) else [told], 1):
        if not isinstance(each, dict) or not all(
            isinstance(each.get(key), str) and each[key] for key in ("name", "issuer", "client_id", "secret")
        ):
            raise Wrong(
                "GONGMO_OIDC",
                "서비스마다 name, issuer, client_id, secret을 모두 적어 주세요.",
                "needs name, issuer, client_id and secret for each service.",
            )
        issuer = each["issuer"].rstrip("/")
        parts = urlsplit(issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise Wrong(
                "GONGMO_OIDC",
                "issuer는 https://로 시작하는 주소로 적어 주세요.",
                "the issuer's address must start with https://.",
            )
        apps.append(
            {
                "provider_id": each.get("id") or f"service{place}",
                "name": each["name"],
                "client_id": each["client_id"],
                "secret": each["secret"],
                "settings": {"server_url": issuer},
            }
        )
        origins += [f"{parts.scheme}://{parts.netloc}", *each.get("origins", [])]
    return apps, origins
