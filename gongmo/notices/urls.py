"""Addresses of notices, the calendar feed and the rehearsal's mailbox."""

from django.urls import path

from gongmo.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/settings/", views.manners, name="settings"),
    path("notices/settings/calendar/", views.renew_calendar, name="renew_calendar"),
    path("notices/<notice:pk>/", views.open_notice, name="open"),
    path("calendar/<str:token>.ics", views.feed, name="calendar"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<mail:pk>/", views.mail, name="mail"),
]
