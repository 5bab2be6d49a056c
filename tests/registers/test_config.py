"""What the environment says of the registers."""

import pytest

from gongmo.registers.config import decoded, read
from gongmo.registers.outcomes import Register
from tests.registers.server import KEY


def test_without_keys_every_register_is_off() -> None:
    assert read({}).services == {}


def test_one_portal_key_opens_its_five_registers_and_the_address_key_the_sixth() -> None:
    found = read({"GONGMO_DATA_KEY": KEY})
    assert set(found.services) == set(Register) - {Register.ADDRESSES}
    assert set(read({"GONGMO_ADDRESS_KEY": "U01"}).services) == {Register.ADDRESSES}


def test_a_register_may_have_its_own_key_or_be_left_off() -> None:
    found = read(
        {"GONGMO_DATA_KEY": KEY, "GONGMO_ACCOUNTS_KEY": "own", "GONGMO_REGISTERS_OFF": "outline, holidays"}
    )
    assert found.services[Register.ACCOUNTS].key == "own"
    assert Register.OUTLINE not in found.services
    assert Register.HOLIDAYS not in found.services


@pytest.mark.parametrize("shown", [KEY, "aB%2Bc%2FdE12345%3D%3D", "aB%252Bc%252FdE12345%253D%253D"])
def test_a_key_is_taken_as_issued_however_often_it_was_encoded(shown: str) -> None:
    assert decoded(shown) == KEY


def test_a_configuration_that_is_printed_shows_no_key() -> None:
    assert KEY not in repr(read({"GONGMO_DATA_KEY": KEY}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGMO_NTS_URL", "http://registers.example.kr"),
        ("GONGMO_DATA_URL", "file:///etc/passwd"),
        ("GONGMO_ADDRESS_URL", "https://user@example.kr"),
        ("GONGMO_REGISTERS_OFF", "taxes"),
        ("GONGMO_REGISTERS_SECONDS", "0"),
        ("GONGMO_REGISTERS_FRESH_HOURS", "a day"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        read({name: value})


def test_plain_http_is_for_this_machine_only() -> None:
    assert read({"GONGMO_DATA_URL": "http://127.0.0.1:9", "GONGMO_DATA_KEY": "k"}).services
