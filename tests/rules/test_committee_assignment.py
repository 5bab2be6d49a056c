"""Judges for each application: the number, the load, the sectors, no conflict; what cannot be met is told."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gongmo.definition.base import Text
from gongmo.rules.assignment import Task, assign
from gongmo.rules.committee_values import Bar, Barred, Expert

HIT = Text(ko="같은 기관 소속입니다.", en="works at the same organisation.")
SECTORS = ("industry", "academia", "research")
ONE_EACH = dict.fromkeys(SECTORS, 1)


def expert(number: int, **more: object) -> Expert:
    return Expert(id=f"평가위원 {number:02d}", sector=SECTORS[number % 3], **more)  # type: ignore[arg-type]


def test_every_application_gets_its_judges_of_every_sector_and_loads_are_even() -> None:
    people = [expert(n) for n in range(12)]
    found = assign(people, [Task(str(n)) for n in range(20)], judges=3, seed=4, at_least=ONE_EACH)

    assert not found.short
    assert found.load == 5
    for names in found.judges.values():
        assert {int(name[-2:]) % 3 for name in names} == {0, 1, 2}


def test_who_knows_the_field_judges_it_where_there_is_room() -> None:
    people = [expert(n, knows=("로봇",) if n < 6 else ("바이오",)) for n in range(12)]
    tasks = [Task(str(n), ("로봇",) if n % 2 else ("바이오",)) for n in range(8)]
    found = assign(people, tasks, judges=3, seed=1, at_least=ONE_EACH)

    for task in tasks:
        assert all((int(name[-2:]) < 6) == ("로봇" in task.fields) for name in found.judges[task.application])


def test_nobody_with_a_conflict_or_barred_judges() -> None:
    people = [expert(n, conflicts={"0": HIT}) for n in range(3)]
    people += [expert(3, barred=(Barred(Bar.CONSENT, HIT),)), *(expert(n) for n in range(4, 7))]
    found = assign(people, [Task("0"), Task("1")], judges=3, seed=1)

    assert set(found.judges["0"]) == {"평가위원 04", "평가위원 05", "평가위원 06"}
    assert "평가위원 03" not in found.judges["1"]


def test_what_is_missing_is_told_by_application_and_sector() -> None:
    people = [expert(0), expert(3), expert(1)]
    found = assign(people, [Task("7")], judges=2, seed=1, at_least=ONE_EACH | {"industry": 1})
    assert [(each.application, each.sector, each.lack) for each in found.short] == [("7", "research", 1)]

    bound = assign(people, [Task("7"), Task("8")], judges=3, seed=1, most=1)
    assert sum(each.lack for each in bound.short) == 3
    assert "모자랍니다" in bound.short[0].text.ko
    assert assign([], [Task("7")], judges=1, seed=1).short[0].lack == 1


def test_the_same_question_has_the_same_answer_and_another_seed_another() -> None:
    people, tasks = [expert(n) for n in range(30)], [Task(str(n)) for n in range(10)]
    first = assign(people, tasks, judges=3, seed=5, at_least=ONE_EACH)

    assert assign(people[::-1], tasks[::-1], judges=3, seed=5, at_least=ONE_EACH).hash() == first.hash()
    assert assign(people, tasks, judges=3, seed=6, at_least=ONE_EACH).judges != first.judges


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 8),
    st.integers(1, 4),
    st.integers(0, 99),
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 7)), max_size=30),
)
def test_whatever_is_asked_nobody_judges_twice_or_against_a_conflict(
    people: int, applications: int, judges: int, seed: int, hits: set[tuple[int, int]]
) -> None:
    pool = [expert(n, conflicts={str(a): HIT for e, a in hits if e == n}) for n in range(people)]
    found = assign(pool, [Task(str(n)) for n in range(applications)], judges=judges, seed=seed)

    for name, those in found.judges.items():
        free = [each for each in pool if each.against(name) is None]
        assert len(set(those)) == len(those)
        assert set(those) <= {each.id for each in free}
        assert len(those) == min(judges, len(free))
