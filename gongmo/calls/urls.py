"""Addresses of the calls' pages."""

from django.urls import path

from gongmo.calls import operating_views as operating
from gongmo.calls import publishing_views as publishing
from gongmo.calls import views

app_name = "calls"

urlpatterns = [
    path("calls/", views.calls, name="list"),
    path("publish/", publishing.publish, name="publish"),
    path("calls/<slug:slug>/", views.call, name="call"),
    path("calls/<slug:slug>/ask/", views.ask, name="ask"),
    path("calls/<slug:slug>/manage/", operating.manage, name="manage"),
    path("calls/<slug:slug>/extend/", operating.extend, name="extend"),
    path("calls/<slug:slug>/correct/", operating.correct, name="correct"),
    path("calls/<slug:slug>/close/", operating.close, name="close"),
    path("calls/<slug:slug>/cancel/", operating.cancel, name="cancel"),
    path("calls/<slug:slug>/finish/", operating.finish, name="finish"),
    path("questions/<int:pk>/answer/", operating.answer, name="answer"),
]
