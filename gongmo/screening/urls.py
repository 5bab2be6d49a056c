"""Addresses of the eligibility review's pages."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from gongmo.screening.views import files, own, own_acts, own_saving, queue, registers, requests, review
from gongmo.screening.views.acts import ACTS

app_name = "screening"


class ActConverter(StringConverter):
    """Only the acts there are: other floors have pages of their own below an application's address."""

    regex = "|".join(ACTS)


register_converter(ActConverter, "screening_act")

urlpatterns = [
    path("screening-facts/<fact:pk>/evidence/", files.evidence, name="evidence"),
    path("screening-supplements/<supplement:pk>/file/", files.supplement_file, name="supplement_file"),
    path("screening-proof/<demand:pk>/file/", files.proof_file, name="proof_file"),
    path("screening-items/<item:pk>/file/", files.item_file, name="item_file"),
    path("screening-objections/<review_objection:pk>/file/", files.objection_file, name="objection_file"),
    path("screening/<slug:slug>/", queue.queue, name="queue"),
    path("screening/<slug:slug>/open/", queue.open_reviews, name="open_reviews"),
    path("screening/<slug:slug>/decide/", queue.decide, name="decide"),
    path("screening/<slug:slug>/many/", queue.many, name="many"),
    path("screening/<slug:slug>/expire/", queue.expire, name="expire"),
    path("screening/<slug:slug>/views/", queue.save_view, name="save_view"),
    path("screening/<slug:slug>/views/<view:pk>/forget/", queue.forget_view, name="forget_view"),
    path("screening/<slug:slug>/reviews.xlsx", queue.export, name="export"),
    path("screening/<slug:slug>/requests/", requests.requests, name="requests"),
    path("screening/<slug:slug>/requests/remind/", requests.remind, name="remind"),
    path("screening/<slug:slug>/handover/", requests.handover, name="handover"),
    path("screening/<slug:slug>/registers/", registers.registers, name="registers"),
    path("screening/<slug:slug>/<application:pk>/registers/", registers.registers_of, name="registers_of"),
    path("screening/<slug:slug>/<application:pk>/", review.review, name="review"),
    path(
        "screening/<slug:slug>/<application:pk>/facts/<organisation:organisation>/<str:rule>/",
        review.fact,
        name="fact",
    ),
    path("screening/<slug:slug>/<application:pk>/<screening_act:act>/", review.act_on_review, name="act"),
    path("applications/<application:pk>/screening/", own.own, name="own"),
    path("applications/<application:pk>/screening/save/", own_saving.save, name="save"),
    path("applications/<application:pk>/screening/changes/", own_saving.changes, name="changes"),
    path("applications/<application:pk>/screening/objection/", own_acts.objection, name="objection"),
    path("screening-items/<item:pk>/attach/", own_acts.attach, name="attach"),
    path("screening-supplements/<supplement:pk>/answer/", own_acts.answer, name="answer"),
    path("screening-proof/<demand:pk>/hand-in/", own_acts.hand_in, name="hand_in"),
    path(
        "screening-objections/<review_objection:pk>/withdraw/",
        own_acts.withdraw_objection,
        name="withdraw_objection",
    ),
]
