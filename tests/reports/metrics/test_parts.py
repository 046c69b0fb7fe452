"""What a list of the page of flow can be about."""

from reports.metrics.parts import Part, What


def test_a_part_stands_beside_the_days_of_a_period_without_taking_their_names():
    asked = Part(What.WAITS, "on_hold/awaiting_vendor", "3").as_filters()
    assert asked == {"what": "waits", "place": "on_hold/awaiting_vendor", "then": "3"}
    assert not {"from", "to"} & {*asked}
