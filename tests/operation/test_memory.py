"""Memory that a process holds, and gives back."""

import ctypes

import pytest

from gongmo.kernel import memory


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="another system's memory")
def test_what_lies_free_between_what_is_in_use_is_given_back() -> None:
    # Beyond the sizes that Python keeps house of itself.
    pages = [bytes(3000 + number % 1000) for number in range(16_000)]
    # Runs of free room, each below something that stays.
    kept = pages[::16]
    pages.clear()
    before = memory.held_bytes()

    memory.give_back()

    assert before - memory.held_bytes() > 20 * 1024**2
    assert len(kept) == 1000
