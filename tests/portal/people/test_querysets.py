"""Who sees whom (`VIS-5`)."""

from portal.people.models import User
from tests.cast import person


def test_a_manager_sees_those_who_report_from_elsewhere(cast):
    max_ = person("Max", cast.globex)
    assert not User.objects.visible_to(max_).filter(pk=cast.ann.pk).exists()
    cast.ann.manager = max_
    cast.ann.save()
    seen = set(User.objects.visible_to(max_).values_list("name", flat=True))
    assert seen == {"Max", "Dov", "Ann"}
