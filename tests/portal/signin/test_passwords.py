"""Which passwords are refused."""

import pytest
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError

from portal.signin.passwords import CommonPasswordValidator


@pytest.mark.parametrize("password", ["qwertyuiop", "1234567890", "PASSWORD123"])
def test_a_password_that_everybody_uses_is_refused(password):
    with pytest.raises(ValidationError, match="This password is too common."):
        validate_password(password)


def test_other_passwords_are_accepted():
    validate_password("correct horse battery")


def test_the_list_does_not_stay_in_memory():
    (validator,) = (
        validator
        for validator in get_default_password_validators()
        if isinstance(validator, CommonPasswordValidator)
    )
    validator.validate("correct horse battery")
    assert vars(validator) == {}
    assert "commonly used" in str(validator.get_help_text())
