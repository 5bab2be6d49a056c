"""Pages of the own notices, how they are mailed, the calendar feed, and the rehearsal's mailbox."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.numbers import Kind, sent
from gongmo.notices import calendar, commands, queries
from gongmo.notices.categories import MANNERS, MEANINGS, WORDS, Category
from gongmo.notices.linking import linked
from gongmo.notices.models import Notice
from gongmo.notices.posting import site
from gongmo.parties.kept import keep_by_record
from gongmo.parties.kept_addresses import written_now
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import capacities, own_person

CAPACITY = "gongmo_capacity"
"""The session's key under which the web floor finds the chosen capacity."""


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 1


def _category(word: str) -> Category | None:
    return Category(word) if word in set(Category) else None


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The own notices, newest first. GET `category`, `unread` (1), `page`."""
    actor = actor_of(request)
    # What was deleted, told or read moves one of these numbers; a notice itself is never changed.
    return keep_by_record(request, actor, queries.tally(actor), lambda: _notices(request))


def _notices(request: HttpRequest) -> HttpResponse:
    category = _category(request.GET.get("category", ""))
    only_unread = request.GET.get("unread") == "1"
    inbox = queries.inbox(actor_of(request), category=category, unread=only_unread, page=_page(request))
    kept = f"unread={int(only_unread)}&category={category.value if category else ''}&page="
    return render(
        request,
        "notices/list.html",
        {
            "inbox": inbox,
            "category": category,
            "only_unread": only_unread,
            "words": WORDS,
            "page_url": f"?{kept}",
        },
    )


@login_required
@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an own notice as read and go where it leads, in the capacity in which it concerns the person."""
    notice = commands.read(actor=actor_of(request), notice_id=pk)
    _take_on(request, notice)
    if not url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect("notices:list")
    return redirect(written_now(notice.url))


def _take_on(request: HttpRequest, notice: Notice) -> None:
    actor = actor_of(request)
    wanted = (notice.role, notice.organisation)
    if (actor.role, actor.organisation) == wanted or (actor.role == notice.role and not notice.organisation):
        return
    for key, held in capacities(own_person(actor)).items():
        if held.role == notice.role and notice.organisation in (None, held.organisation):
            request.session[CAPACITY] = key
            return


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """POST: mark as read what the person has seen (`newest`), of one `category` or of all."""
    category = _category(request.POST.get("category", ""))
    newest = request.POST.get("newest", "")
    number = commands.read_all(
        actor=actor_of(request),
        category=category,
        newest=sent(newest, Kind.NOTICE),
    )
    messages.success(
        request, said(f"알림 {number}건을 읽음으로 표시했습니다.", f"{number} notices are marked as read.")
    )
    return redirect(f"{reverse('notices:list')}{f'?category={category.value}' if category else ''}")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def manners(request: HttpRequest) -> HttpResponse:
    """How notices are mailed, and the calendar's address. POST one field for each category."""
    actor = actor_of(request)
    refused: Refused | None = None
    if request.method == "POST":
        chosen = {each.value: request.POST[each.value] for each in Category if each.value in request.POST}
        try:
            commands.choose(actor=actor, manners=chosen)
        except BadInput as error:
            refused = error
        else:
            messages.success(request, said("받는 방법을 저장했습니다.", "Your choices are saved."))
            return redirect("notices:settings")
    found = queries.calendar_of(actor)
    return render(
        request,
        "notices/settings.html",
        {
            "manners": queries.manners(actor),
            "words": WORDS,
            "meanings": MEANINGS,
            "choices": MANNERS,
            "refused": refused,
            "calendar": site(reverse("notices:calendar", args=[found.token])) if found else "",
            "made_at": found.made_at if found else None,
            "email": own_person(actor).email,
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """POST: a new secret address for the calendar; `end` only ends the old one."""
    actor = actor_of(request)
    if request.POST.get("end") == "yes":
        commands.end_calendar(actor=actor)
        messages.success(request, said("일정 주소를 없앴습니다.", "The calendar's address has ended."))
    else:
        commands.renew_calendar(actor=actor)
        messages.success(
            request,
            said(
                "새 일정 주소를 만들었습니다. 앞의 주소는 더 쓸 수 없습니다.",
                "The calendar has a new address; the old one has ended.",
            ),
        )
    return redirect(f"{reverse('notices:settings')}#calendar")


@never_cache
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's deadlines for a calendar program. Whoever has the address may read it: it says no more than titles and instants."""
    answer = HttpResponse(
        calendar.feed(queries.person_by_calendar(token)), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'inline; filename="gongmo.ics"'
    return answer


@never_cache
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails of a rehearsal, newest first; open to everyone there, for signing up needs it. GET `to`, `page`."""
    to = request.GET.get("to", "").strip()[:200]
    mails, page, pages = queries.mailbox(actor_of(request), page=_page(request), to=to)
    return render(request, "notices/mailbox.html", {"mails": mails, "page": page, "pages": pages, "to": to})


@never_cache
@require_GET
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail of a rehearsal, as text with its links."""
    found, text = queries.mail(actor_of(request), pk)
    own = (settings.GONGMO_SITE_URL, request.build_absolute_uri("/").rstrip("/"))
    return render(
        request,
        "notices/mail.html",
        {"mail": found, "paragraphs": linked(text, own), "now": clock.now()},
    )
