"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.accounts.views import invitations, mine, people

app_name = "accounts"
urlpatterns = [
    path("", people.people, name="people"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/roles/", people.grant, name="grant"),
    path("<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("<int:pk>/erase/", people.erase, name="erase"),
    path("<int:pk>/second-factor/", people.reset_second_factor, name="reset_second_factor"),
    path("roles/<int:pk>/end/", people.end, name="end"),
    path("roles/<int:pk>/restore/", people.restore, name="restore"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/resend/", invitations.resend, name="resend"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="revoke"),
    path("invited/<str:token>/", invitations.accept, name="accept"),
    path("me/", mine.profile, name="profile"),
    path("me/rights/", mine.rights, name="rights"),
    path("me/delegations/", mine.delegations, name="delegations"),
    path("me/delegations/<int:pk>/revoke/", mine.revoke_delegation, name="revoke_delegation"),
    path("me/tokens/", mine.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", mine.revoke_token, name="revoke_token"),
]
