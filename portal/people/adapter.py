"""How sign-in behaves in this house."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are made by administrators, imports or the mail they write."""

    def is_open_for_signup(self, request):
        return False
