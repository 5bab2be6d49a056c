"""The control room's moving parts: the states of a running stage, and the spread of a locked one."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongmo.calls.queries import call_by_slug
from gongmo.evaluation import policies, queries
from gongmo.evaluation.queries.control import spread_of
from gongmo.evaluation.states import stages_table
from gongmo.kernel.errors import NotFound
from gongmo.kernel.korean import percent
from gongmo.parties.pages import actor_of
from gongmo.rules.stability_outliers import Spread


@require_GET
def live(request: HttpRequest, slug: str, run: int) -> HttpResponse:
    """The states of one stage, asked for again by the page while it is open."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    stages, again = queries.whole_progress(actor, call)
    item = next((each for each in (*stages, *again) if each.run is not None and each.run.pk == run), None)
    if item is None:
        raise NotFound
    return render(request, "evaluation/live.html", {"call": call, "item": item, "shown": stages_table.shown})


@require_GET
def spread(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """How far the evaluators of a locked stage lie apart."""
    actor = actor_of(request)
    call = call_by_slug(actor, slug)
    found = spread_of(actor, call, stage)
    return render(
        request,
        "evaluation/spread.html",
        {
            "call": call,
            "found": found,
            "manages": policies.manage(actor, call),
            "criteria": [
                {
                    "id": id_,
                    "name": name,
                    "max": _text(most, 3),
                    "box": _box(each),
                    "least": _text(each.least * most),
                    "lower": _text(each.lower * most),
                    "middle": _text(each.middle * most),
                    "upper": _text(each.upper * most),
                    "most": _text(each.most * most),
                    "count": each.count,
                }
                for id_, name, most, each in found.criteria
            ],
            "outliers": [
                {
                    "name": found.names.get(each.application, each.application),
                    "application": each.application,
                    "evaluator": each.evaluator,
                    "total": _text(each.total),
                    "others": _text(each.others),
                    "off": f"{'+' if each.total > each.others else '−'}{_text(abs(each.total - each.others))}",
                    "score": _text(each.score),
                    "without": _text(each.score_without),
                    "rank": each.rank,
                    "rank_without": each.rank_without,
                    "crosses": each.selected != each.selected_without,
                    "selected_without": each.selected_without,
                }
                for each in found.outliers
            ],
        },
    )


def _text(value: Fraction, places: int = 2) -> str:
    """A number for reading, without idle zeros; points are rounded half up, as everywhere."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    shown = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return shown.rstrip("0").rstrip(".")


def _box(spread: Spread) -> dict[str, str]:
    """Where the parts of the box lie, in percent of the width."""
    parts = {
        "least": spread.least,
        "lower": spread.lower,
        "middle": spread.middle,
        "upper": spread.upper,
        "most": spread.most,
        "whiskers": spread.most - spread.least,
        "box": spread.upper - spread.lower,
    }
    return {name: percent(value, 1, 2).removesuffix("%").strip() for name, value in parts.items()}
