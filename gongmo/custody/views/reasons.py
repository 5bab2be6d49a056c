"""Why somebody downloads."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongmo.custody import reasons
from gongmo.kernel.errors import BadInput


@login_required
@require_POST
def give_reason(request: HttpRequest) -> HttpResponse:
    """POST `next`, `purpose`, `words`: the download follows, with its reason noted. What was typed stays where something is missing."""
    address = request.POST.get("next", "")
    typed = {key: request.POST.get(key, "") for key in ("purpose", "words", "back")}
    if not url_has_allowed_host_and_scheme(typed["back"], allowed_hosts=None):
        typed["back"] = "/"
    try:
        reasons.give(request.session, address, typed["purpose"], typed["words"])
    except BadInput as refused:
        return reasons.ask(request, refused, next=address, **typed)
    return redirect(address)
