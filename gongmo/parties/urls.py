"""Addresses of people, organisations and the permission catalogue."""

from django.urls import path

from gongmo.parties.views import account, operator, organisations, people

app_name = "parties"

urlpatterns = [
    path("me/", account.profile, name="profile"),
    path("me/data.json", account.own_data, name="own_data"),
    path("me/close/", account.close, name="close"),
    path("me/places/<place:place>/leave/", account.leave, name="leave"),
    path("me/sessions/<session:pk>/end/", account.end_session, name="end_session"),
    path("me/organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("organisations/<organisation:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<organisation:pk>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("organisations/<organisation:pk>/certificates/", organisations.certificates, name="certificates"),
    path("organisations/<organisation:pk>/history/", organisations.organisation_history, name="history"),
    path("organisations/<organisation:pk>/people/", people.people, name="people"),
    path("organisations/<organisation:pk>/people/add/", people.add_person, name="add_person"),
    path("organisations/<organisation:pk>/invite/", people.invite, name="invite"),
    path("organisations/<organisation:pk>/hand-over/", people.hand_over, name="hand_over"),
    path(
        "organisations/<organisation:pk>/members/<place:place>/role/", people.change_role, name="change_role"
    ),
    path("organisations/<organisation:pk>/members/<place:place>/end/", people.end_place, name="end_place"),
    path("certificates/<certificate:pk>/file/", organisations.certificate_file, name="certificate_file"),
    path("certificates/<certificate:pk>/end/", organisations.end_certificate, name="end_certificate"),
    path("invitations/<invitation:pk>/withdraw/", people.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/<invitation:pk>/resend/", people.resend_invitation, name="resend_invitation"),
    path("join/<str:token>/", people.join, name="join"),
    path("permissions/", account.permissions, name="policies"),
    path("operator/people/", operator.people, name="operator_people"),
    path("operator/people/new/", operator.new_person, name="operator_person_new"),
    path("operator/people/<person:pk>/", operator.person, name="operator_person"),
    path("operator/people/<person:pk>/roles/<grant:grant>/end/", operator.revoke, name="operator_revoke"),
    path(
        "operator/people/<person:pk>/second-factor/reset/",
        operator.reset_second_factor,
        name="operator_reset_second_factor",
    ),
    path("operator/people/<person:pk>/sign-out/", operator.sign_out, name="operator_sign_out"),
    path("operator/people/<person:pk>/close/", operator.close_account, name="operator_close"),
    path("operator/organisations/", operator.organisations, name="operator_organisations"),
]
