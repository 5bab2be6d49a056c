"""Where the server itself may be sent: what another party's description names leads to no inner network."""

import pytest
import requests

from gongmo.web.outward import require_public

NAMED = frozenset({"127.0.0.1:8123", "sso.office.example"})


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "https://127.0.0.1/keys",
        "https://127.0.0.1:8124/keys",
        "https://localhost/",
        "https://10.0.0.7/token",
        "https://192.168.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "http://93.184.215.14/token",
        "file:///etc/passwd",
        "ftp://sso.office.example/",
        "//sso.office.example/",
        "https://sso.office.example@127.0.0.1/",
    ],
)
def test_an_inner_address_that_nobody_set_is_refused(url: str) -> None:
    with pytest.raises(requests.ConnectionError):
        require_public(url, NAMED)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8123/token", "https://SSO.office.example/keys", "https://93.184.215.14/token"]
)
def test_what_the_operator_set_and_public_addresses_are_asked(url: str) -> None:
    require_public(url, NAMED)
