"""Addresses of the eligibility review's pages."""

from django.urls import path

from gongmo.screening import applicant_views as own
from gongmo.screening import views

app_name = "screening"

urlpatterns = [
    path("screening-facts/<int:pk>/evidence/", views.evidence, name="evidence"),
    path("screening-supplements/<int:pk>/file/", views.supplement_file, name="supplement_file"),
    path("screening-proof/<int:pk>/file/", views.proof_file, name="proof_file"),
    path("screening/<slug:slug>/", views.queue, name="queue"),
    path("screening/<slug:slug>/open/", views.open_reviews, name="open_reviews"),
    path("screening/<slug:slug>/decide/", views.decide, name="decide"),
    path("screening/<slug:slug>/expire/", views.expire, name="expire"),
    path("screening/<slug:slug>/<int:pk>/", views.review, name="review"),
    path("screening/<slug:slug>/<int:pk>/<slug:act>/", views.act_on_review, name="act"),
    path("applications/<int:pk>/screening/", own.own, name="own"),
    path("applications/<int:pk>/screening/save/", own.save, name="save"),
    path("applications/<int:pk>/screening/changes/", own.changes, name="changes"),
    path("screening-items/<int:pk>/attach/", own.attach, name="attach"),
    path("screening-items/<int:pk>/file/", views.item_file, name="item_file"),
    path("screening-supplements/<int:pk>/answer/", own.answer, name="answer"),
    path("screening-proof/<int:pk>/hand-in/", own.hand_in, name="hand_in"),
]
