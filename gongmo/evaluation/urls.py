"""Addresses of the evaluation's pages."""

from django.urls import path

from gongmo.evaluation.views import committee, desk, presenter, ranking, stages

app_name = "evaluation"

urlpatterns = [
    path("desk/", desk.seats, name="desk"),
    path("desk/<int:pk>/", desk.desk, name="seat"),
    path("desk/<int:pk>/answer/", desk.answer, name="answer_seat"),
    path("desk/<int:pk>/declare/", desk.declare, name="declare"),
    path("desk/sheets/<int:pk>/", desk.sheet, name="sheet"),
    path("desk/sheets/<int:pk>/documents/<int:document>/", desk.document, name="document"),
    path("desk/sheets/<int:pk>/supplements/<int:item>/", desk.supplement, name="supplement"),
    path("desk/sheets/<int:pk>/visit/", desk.want_visit, name="want_visit"),
    path("evaluation/<slug:slug>/", stages.stages, name="stages"),
    path("evaluation/<slug:slug>/committee/", committee.committee, name="committee"),
    path("evaluation/<slug:slug>/committee/<slug:act>/", committee.act_on_committee, name="act_on_committee"),
    path("evaluation/<slug:slug>/ranking/", ranking.ranking, name="ranking"),
    path("evaluation/<slug:slug>/<slug:act>/", stages.act_on_stages, name="act"),
    path("site-visits/<int:pk>/file/", stages.visit_file, name="visit_file"),
    path("applications/<int:pk>/presenter/", presenter.presenter, name="presenter"),
]
