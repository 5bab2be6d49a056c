"""Acts that bind an office or an organisation are confirmed by whoever signed in some time ago (GONGMO_CONFIRM_MINUTES).

One table for the whole house instead of a decorator on each floor: a floor need not know how people sign in.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from gongmo.parties.recent import signed_in_within
from gongmo.web.errors import wants_json
from gongmo.web.jinja import t
from gongmo.web.middleware import Handler

EVERY: frozenset[str] = frozenset()
BINDING: dict[str, frozenset[str]] = {
    "applications:sign": EVERY,
    "screening:act": frozenset({"confirm", "reinstate"}),
    "screening:decide": EVERY,
    "evaluation:lock_sheet": EVERY,
    "evaluation:act": frozenset({"lock", "fix", "tell", "tie"}),
    "evaluation:act_on_committee": frozenset({"dissolve"}),
    "awards:open_negotiations": EVERY,
    "awards:allocate": EVERY,
    "awards:act_on_negotiation": frozenset({"agree", "fail"}),
    "awards:accept": EVERY,
    "awards:sign": EVERY,
    "awards:join": EVERY,
    "awards:act_on_case": frozenset({"consent", "confirm"}),
    "parties:operator_person": EVERY,
    "parties:operator_revoke": EVERY,
    "parties:operator_reset_second_factor": EVERY,
    "parties:operator_close": EVERY,
    "parties:add_person": EVERY,
    "parties:hand_over": EVERY,
    "parties:close": EVERY,
    # What somebody who found an open browser would change first.
    "parties:end_session": EVERY,
    "account_email": EVERY,
    "account_set_password": EVERY,
    "socialaccount_connections": EVERY,
    "usersessions_list": EVERY,
}
"""Views by name, and those of their acts that bind (none named: all). Submitting has a setting of its own."""


class BindingActs:
    """Leads to the confirmation before a binding form is taken, and takes the form afterwards: nothing is typed twice.

    None of the table's forms brings a file, for files are not kept meanwhile. People who can confirm nothing here (they come from another
    sign-in service and have no second factor) pass.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> HttpResponse | None:
        minutes = settings.GONGMO_CONFIRM_MINUTES
        if request.method != "POST" or not minutes or not _binds(request, kwargs):
            return None
        if not request.user.is_authenticated or signed_in_within(request, minutes):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        if not methods:
            return None
        if wants_json(request):
            return JsonResponse(
                {
                    "code": "confirm_sign_in",
                    "message": t(
                        "로그인한 지 오래되어 본인 확인이 필요합니다. 화면을 새로 고친 뒤 다시 보내 주세요.",
                        "You signed in some time ago. Reload the page and send it again to confirm who you are.",
                    ),
                },
                status=403,
            )
        asked: HttpResponse = suspend_request(request, str(methods[0]["url"]))
        return asked


def _binds(request: HttpRequest, kwargs: dict[str, object]) -> bool:
    match = request.resolver_match
    acts = BINDING.get(match.view_name) if match is not None else None
    return acts is not None and (acts is EVERY or kwargs.get("act") in acts)
