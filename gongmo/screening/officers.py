"""Who the officers of a call are: those who may be put in charge of its reviews."""

from gongmo.calls.models import Call
from gongmo.calls.notices import operators_of
from gongmo.parties.models import Person


def officers_of(call: Call) -> list[Person]:
    """The people who run the call now, by name."""
    people = {pk for _, found in operators_of(call) for pk in found}
    return list(Person.objects.filter(pk__in=people).order_by("display_name", "pk"))
