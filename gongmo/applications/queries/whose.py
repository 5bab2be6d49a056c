"""To which application something belongs. It tells a number only: the page then reads that application as the reader may see it."""

from typing import Any

from django.db.models import QuerySet

from gongmo.applications.models import Application, ApplicationDocument, Member, Signature
from gongmo.calls.models import Call
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound


def application_of_document(document_id: int) -> int:
    """The id of the application in which the document was handed in. One statement. Raises NotFound."""
    return _one(ApplicationDocument.objects.filter(pk=document_id).values_list("application_id", flat=True))


def application_of_signature(signature_id: int) -> int:
    """The id of the application whose paper was signed. One statement. Raises NotFound."""
    return _one(Signature.objects.filter(pk=signature_id).values_list("application_id", flat=True))


def application_of_member(member_id: int) -> int:
    """The id of the application in which the organisation has this place. One statement. Raises NotFound."""
    return _one(Member.objects.filter(pk=member_id).values_list("application_id", flat=True))


def own_application_to(actor: Actor, call: Call) -> int | None:
    """The id of the application that the actor's own organisation leads in the call, None where there is none. One statement."""
    found = Application.objects.filter(call=call, lead=actor.organisation)
    return found.values_list("pk", flat=True).first()


def _one(found: QuerySet[Any, int]) -> int:
    key = found.first()
    if key is None:
        raise NotFound
    return key
