"""What a person is told about hours that stay out."""

from billing.invoices.actions.skipping import Reason, Skip


def test_the_sentence_says_how_many_and_what_to_do():
    assert Skip(Reason.NO_CONTRACT, "Acme", 2, 90).sentence == (
        "2 time entries without a contract on the day of work."
    )
    assert Skip(Reason.INCOMPLETE, "Acme", about="Acme: city").sentence == (
        "Before it can be issued, add: Acme: city."
    )


def test_what_waits_for_its_turn_needs_nobody():
    needed = {reason for reason in Reason if Skip(reason, "Acme").needs_action}
    assert set(Reason) - needed == {Reason.NEXT_RUN, Reason.LATER, Reason.INCLUDED}


def test_a_run_keeps_it_as_a_row():
    skip = Skip(Reason.NO_RATE, "Acme", 1, 60, "Travel", "C-1")
    assert Skip.of_row(skip.as_row()) == skip
