"""A site visit with its file and photographs, for the operator and the members who judge its application."""

from gongmo.applications.models import Application
from gongmo.evaluation import policies
from gongmo.evaluation.commands.visits import may_record
from gongmo.evaluation.models import SiteVisit, VisitPhoto
from gongmo.evaluation.queries.desk import my_seats, visits_to_decide
from gongmo.evaluation.states import SeatState, VisitState
from gongmo.files.models import StoredFile
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound


def visit_for(actor: Actor, visit_id: int) -> SiteVisit:
    """The visit with its call, application and file, for who may write it down. Raises NotFound for others."""
    visit = (
        SiteVisit.objects.select_related(
            "committee__call__version", "application__lead", "application__region", "file"
        )
        .filter(pk=visit_id)
        .first()
    )
    if visit is None or not may_record(actor, visit):
        raise NotFound
    return visit


def visit_of(application: Application) -> SiteVisit | None:
    """The visit to an application, None where nobody asked for one (or it fell with a dissolved committee). One statement. The caller reads a
    sheet of the application."""
    return SiteVisit.objects.filter(application=application).exclude(state=VisitState.DROPPED).first()


def visit_file(actor: Actor, visit_id: int) -> tuple[StoredFile, str]:
    """The file of a recorded visit with its name, for the operator and the members who declared on the application. Raises NotFound."""
    visit = SiteVisit.objects.select_related("committee__call", "file").filter(pk=visit_id).first()
    if visit is None or visit.file is None:
        raise NotFound
    own = my_seats(actor).filter(committee=visit.committee, state=SeatState.PLEDGED, reserve=False)
    judging = any(visits_to_decide(actor, seat).filter(pk=visit_id).exists() for seat in own)
    if not judging and not policies.manage(actor, visit.committee.call):
        raise NotFound
    return visit.file, visit.file_name


def photos_of(visit: SiteVisit) -> list[VisitPhoto]:
    """The photographs of a visit that the reader was given (`visit_for`), with their files. One statement."""
    return list(visit.photos.select_related("file"))


def photo_for(actor: Actor, visit_id: int, photo_id: int) -> VisitPhoto:
    """One photograph with its file, for who may see the visit (`visit_for`). Raises NotFound."""
    visit = visit_for(actor, visit_id)
    found = VisitPhoto.objects.select_related("file").filter(pk=photo_id, visit=visit).first()
    if found is None:
        raise NotFound
    return found
