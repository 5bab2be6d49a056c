"""Who gets a place, and in which order."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from gongmo.web.places import Kind, Places


class Asking:
    """Somebody who asks for a place in a thread of its own."""

    def __init__(self, places: Places, kind: Kind, since: float = 0.0, patience: float | None = None) -> None:
        self.got: bool | None = None
        self.thread = Thread(target=self._ask, args=(places, kind, since, patience), daemon=True)
        before = sum(places.load.waiting), sum(places.load.running), sum(places.load.turned)
        self.thread.start()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            load = places.load
            if (sum(load.waiting), sum(load.running), sum(load.turned)) != before or self.got is not None:
                return
            time.sleep(0.001)

    def _ask(self, places: Places, kind: Kind, since: float, patience: float | None) -> None:
        self.got = places.enter(kind, since, patience)

    def answer(self) -> bool | None:
        self.thread.join(5)
        return self.got


@contextmanager
def full(kind: Kind, places: int) -> Iterator[Places]:
    """Places of which all are taken by requests of a kind."""
    made = Places(places, queue=2)
    while made.enter(kind, patience=0.0):
        pass
    yield made


def test_submitting_goes_before_saving_and_saving_before_reading() -> None:
    places = Places(1)
    assert places.enter(Kind.SAVE)
    for kind in (Kind.READ, Kind.SIGN_IN, Kind.SAVE, Kind.SUBMIT):
        Asking(places, kind)

    order = []
    for _ in range(4):
        places.leave(Kind(places.load.running.index(1)))
        order.append(Kind(places.load.running.index(1)))

    assert order == [Kind.SUBMIT, Kind.SAVE, Kind.SIGN_IN, Kind.READ]


def test_reading_leaves_a_place_for_those_who_save() -> None:
    with full(Kind.READ, 3) as places:
        assert places.load.running[Kind.READ] == 2
        assert places.enter(Kind.SUBMIT, patience=0.0)


def test_one_reader_is_let_in_where_everybody_saves() -> None:
    with full(Kind.SAVE, 3) as places:
        reader, saver = Asking(places, Kind.READ), Asking(places, Kind.SAVE)
        places.leave(Kind.SAVE)

        assert reader.answer()
        assert saver.got is None


def test_pages_for_everyone_have_a_place_of_their_own() -> None:
    with full(Kind.SUBMIT, 2) as places:
        assert places.enter(Kind.PUBLIC, patience=0.0)
        assert not places.enter(Kind.PUBLIC, patience=0.0)


def test_checks_of_receipts_take_nobody_s_place_and_are_few() -> None:
    with full(Kind.CHECK, 2) as places:
        assert places.load.running[Kind.CHECK] == 2
        assert not places.busy
        assert places.enter(Kind.SAVE, patience=0.0)
        assert places.enter(Kind.SUBMIT, patience=0.0)
        assert not places.enter(Kind.CHECK, patience=0.0)


def test_readers_come_at_a_pace_while_somebody_waits_to_save(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongmo.web.places.PACE", 3600)
    with full(Kind.SAVE, 2) as places:
        saver = Asking(places, Kind.SAVE)
        assert places.enter(Kind.PUBLIC, patience=0.0)
        places.leave(Kind.PUBLIC)
        assert not places.enter(Kind.PUBLIC, patience=0.0)

        places.leave(Kind.SAVE)

        assert saver.answer()
        assert places.enter(Kind.PUBLIC, patience=0.0)


def test_a_reader_is_turned_away_when_the_patience_ends() -> None:
    with full(Kind.READ, 1) as places:
        assert not places.enter(Kind.READ, patience=0.01)
        assert places.load.waiting[Kind.READ] == 0
        assert places.load.turned[Kind.READ] == 2


def test_whoever_saves_waits_until_there_is_a_place() -> None:
    with full(Kind.READ, 1) as places:
        saver = Asking(places, Kind.SAVE)
        places.leave(Kind.READ)

        assert saver.answer()


def test_whoever_has_waited_longer_takes_the_place_of_the_last_in_a_full_queue() -> None:
    with full(Kind.READ, 1) as places:
        first = Asking(places, Kind.READ, since=10.0, patience=5)
        last = Asking(places, Kind.READ, since=20.0, patience=5)
        again = Asking(places, Kind.READ, since=5.0, patience=5)

        assert last.answer() is False
        assert not places.enter(Kind.READ, since=30.0, patience=5)
        places.leave(Kind.READ)
        assert again.answer()
        assert first.got is None
        places.leave(Kind.READ)
        assert first.answer()


def test_no_place_is_lost() -> None:
    places = Places(3)

    def work(kind: Kind, patience: float | None) -> None:
        for _ in range(50):
            if places.enter(kind, patience=patience):
                places.leave(kind)

    threads = [
        Thread(target=work, args=(kind, None if kind < Kind.READ else 0.001))
        for kind in Kind
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    load = places.load
    assert load.running == load.waiting == (0,) * len(Kind)
    assert load.entered[: Kind.READ] == (150, 150, 150)
