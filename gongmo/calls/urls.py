"""Addresses of the calls' pages."""

from django.urls import path

from gongmo.calls import correction_views as corrections
from gongmo.calls import download_views as downloads
from gongmo.calls import listing_views as listing
from gongmo.calls import operating_views as operating
from gongmo.calls import publishing_views as publishing
from gongmo.calls import question_views as questions
from gongmo.calls import views

app_name = "calls"

urlpatterns = [
    path("calls/", listing.calls, name="list"),
    path("calls/feed/", listing.feed, name="feed"),
    path("calls/calendar.ics", listing.calendar_of_all, name="calendars"),
    path("calls/bizinfo.json", listing.bizinfo, name="bizinfo"),
    path("publish/", publishing.publish, name="publish"),
    path("calls/<slug:slug>/", views.call, name="call"),
    path("calls/<slug:slug>/call.pdf", downloads.pdf, name="pdf"),
    path("calls/<slug:slug>/call.hwpx", downloads.hwpx, name="hwpx"),
    path("calls/<slug:slug>/call.json", downloads.definition, name="definition"),
    path("calls/<slug:slug>/calendar.ics", downloads.calendar_of_call, name="calendar"),
    path("calls/<slug:slug>/corrections/<int:number>/", corrections.correction, name="correction"),
    path("calls/<slug:slug>/questions/", questions.questions, name="questions"),
    path("calls/<slug:slug>/questions/<question:pk>/", questions.question, name="question"),
    path("calls/<slug:slug>/ask/", questions.ask, name="ask"),
    path("calls/<slug:slug>/manage/", operating.manage, name="manage"),
    path("calls/<slug:slug>/extend/", operating.extend, name="extend"),
    path("calls/<slug:slug>/correct/", operating.correct, name="correct"),
    path("calls/<slug:slug>/close/", operating.close, name="close"),
    path("calls/<slug:slug>/cancel/", operating.cancel, name="cancel"),
    path("calls/<slug:slug>/finish/", operating.finish, name="finish"),
    path("questions/<question:pk>/answer/", questions.answer, name="answer"),
]
