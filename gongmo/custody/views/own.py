"""The own data."""

import io
import json
import zipfile

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods

from gongmo.applications.commands.consents import withdraw_consent
from gongmo.custody import own as own_queries
from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import own_person


@login_required
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """What is kept about the person, which consents were given, who saw it. POST `member` and `kind` take an optional consent back."""
    actor = actor_of(request)
    refused: Refused | None = None
    if request.method == "POST":
        member = request.POST.get("member", "")
        try:
            if not (member.isascii() and member.isdecimal() and len(member) < 19):
                raise NotFound
            withdraw_consent(actor=actor, member_id=int(member), kind=request.POST.get("kind", ""))
        except NotFound:
            raise
        except Refused as error:
            refused = error
        else:
            messages.success(request, said("동의를 거두었습니다.", "The consent is taken back."))
            return redirect("custody:own")
    return render(
        request,
        "custody/own.html",
        {
            "person": own_person(actor),
            "consents": own_queries.consents(actor),
            "seen": own_queries.seen(actor),
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_GET
def own_file(request: HttpRequest) -> HttpResponse:
    """Everything as a ZIP: data.json for programs, data.html for people."""
    told = own_queries.everything(actor_of(request))
    plain = json.loads(json.dumps(told, cls=DjangoJSONEncoder))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(plain, ensure_ascii=False, indent=2))
        page = render_to_string("custody/own_file.html", {"told": plain}, request)
        archive.writestr("data.html", page)
    day = clock.now().astimezone(clock.SEOUL).date().isoformat()
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="gongmo-my-data-{day}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
