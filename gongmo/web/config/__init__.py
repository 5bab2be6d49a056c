"""Reads what the operator set in the environment (GONGMO_*), and makes the secrets of an embedded installation.

Every variable stands in gongmo/operation/variables/ (docs/settings.md). Wrong values stop the start, which names all of them at once
(gongmo.web.wrong) with what to set, in Korean and English.
"""

from gongmo.web.config.base import choice, flag, lacking, listing, meaning, networks, number, text
from gongmo.web.config.installation import home, hosts, named_home, site_url
from gongmo.web.config.secrets_given import (
    FEWEST_LETTERS,
    MIN_SECRET,
    MIN_TOKEN,
    draw,
    field_keys,
    guessable,
    metrics_token,
    secret,
    signing_seed,
)
from gongmo.web.config.services import database, files, logs, mail, registers
from gongmo.web.config.sign_in import other_sign_ins, second_factor_roles

__all__ = [
    "FEWEST_LETTERS",
    "MIN_SECRET",
    "MIN_TOKEN",
    "choice",
    "database",
    "draw",
    "field_keys",
    "files",
    "flag",
    "guessable",
    "home",
    "hosts",
    "lacking",
    "listing",
    "logs",
    "mail",
    "meaning",
    "metrics_token",
    "named_home",
    "networks",
    "number",
    "other_sign_ins",
    "registers",
    "second_factor_roles",
    "secret",
    "signing_seed",
    "site_url",
    "text",
]
