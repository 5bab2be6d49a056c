"""Addresses of the board, negotiation, allocation and agreements."""

from django.urls import path

from gongmo.awards.views import (
    agreements,
    boards,
    cases,
    changes,
    letters,
    negotiations,
    offers,
    regional,
    text,
)

app_name = "awards"

urlpatterns = [
    path("board/", boards.boards, name="boards"),
    path("board/<slug:slug>/", boards.board, name="board"),
    path("board/<slug:slug>/negotiations/", negotiations.negotiations, name="negotiations"),
    path("board/<slug:slug>/negotiations/open/", negotiations.open_negotiations, name="open_negotiations"),
    path("board/<slug:slug>/allocate/", negotiations.allocate, name="allocate"),
    path("negotiations/<row:pk>/", offers.table, name="table"),
    path("negotiations/<row:pk>/offers/new/", offers.offer, name="offer"),
    path("negotiations/<row:pk>/offers/accept/", offers.accept, name="accept"),
    path("negotiations/<row:pk>/<slug:act>/", negotiations.act_on_negotiation, name="act_on_negotiation"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<row:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<row:pk>/calls/new/", regional.open_regional_call, name="regional_call"),
    path("agreements/<row:pk>/text/", text.text, name="text"),
    path("agreements/<row:pk>/text/<int:number>/", text.text, name="text_version"),
    path("agreements/<row:pk>/text/<int:number>/own/", text.upload_own, name="upload_own"),
    path("agreements/<row:pk>/text/<int:number>/<slug:kind>/", text.download, name="print"),
    path("agreements/<row:pk>/sign/", text.sign, name="sign"),
    path("agreements/<row:pk>/revise/", text.revise, name="revise"),
    path("agreements/<row:pk>/finish/", agreements.finish, name="finish"),
    path("agreements/<row:pk>/case/", cases.case, name="case"),
    path("agreements/<row:pk>/case/open/", cases.open_case, name="open_case"),
    path("agreements/<row:pk>/changes/", changes.changes, name="changes"),
    path("agreements/<row:pk>/changes/ask/", changes.ask, name="ask_amendment"),
    path("agreements/<row:pk>/changes/yearly/", changes.yearly, name="yearly"),
    path("agreements/<row:pk>/changes/renew/", changes.re_agree, name="re_agree"),
    path("agreements/<row:pk>/letters/", letters.letters, name="letters"),
    path("amendments/<row:pk>/<slug:act>/", changes.answer, name="answer_amendment"),
    path("cases/<row:pk>/files/<str:sha256>/", cases.case_file, name="case_file"),
    path("cases/<row:pk>/<slug:act>/", cases.act_on_case, name="act_on_case"),
]
