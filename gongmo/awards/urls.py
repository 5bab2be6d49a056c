"""Addresses of the board, negotiation, allocation and agreements."""

from django.urls import path

from gongmo.awards import regional_views, views

app_name = "awards"

urlpatterns = [
    path("board/", views.boards, name="boards"),
    path("board/<slug:slug>/", views.board, name="board"),
    path("board/<slug:slug>/negotiations/", views.negotiations, name="negotiations"),
    path("board/<slug:slug>/negotiations/open/", views.open_negotiations, name="open_negotiations"),
    path("board/<slug:slug>/allocate/", views.allocate, name="allocate"),
    path("negotiations/<int:pk>/<slug:act>/", views.act_on_negotiation, name="act_on_negotiation"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
    path("agreements/<int:pk>/calls/new/", regional_views.open_regional_call, name="regional_call"),
    path("agreements/<int:pk>/sign/", views.sign, name="sign"),
    path("agreements/<int:pk>/terminate/", views.terminate, name="terminate"),
]
