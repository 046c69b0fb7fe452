"""What a password must not be."""

from typing import Any

from django.contrib.auth import password_validation


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuses the passwords that everybody uses, as Django does.

    The list is read when a password is checked and forgotten afterwards: twenty thousand words
    would else stay in every process that once showed a form.
    """

    def __init__(self) -> None:
        """Reads nothing yet."""

    def validate(self, password: str, user: Any = None) -> None:
        password_validation.CommonPasswordValidator().validate(password, user)
