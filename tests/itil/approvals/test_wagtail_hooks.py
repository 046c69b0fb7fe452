"""Setting up who has to agree, in the admin."""

import pytest
from django.urls import reverse

from itil.approvals.models import ApprovalPolicy

from .people import begun as begun_process
from .people import policy, states

ADD = "approval_policies:add"


def management(prefix, total):
    return {
        f"{prefix}-TOTAL_FORMS": total,
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }


def entered(*steps, name="Software", **fields):
    """The posted form; a step may name its `members` as (person, duty)."""
    posted = {"name": name, **fields, **management("steps", len(steps))}
    for row, given in enumerate(steps):
        values = {
            "label": f"Step {row + 1}",
            "source": "manager",
            "rule": "all",
            "number": "0",
            "rejects": "any_reject",
            "on_timeout": "escalate",
            "ORDER": row + 1,
        } | given
        members = values.pop("members", [])
        posted |= {f"steps-{row}-{key}": value for key, value in values.items()}
        posted |= management(f"steps-{row}-members", len(members))
        for place, (person, duty) in enumerate(members):
            posted[f"steps-{row}-members-{place}-person"] = person.pk
            posted[f"steps-{row}-members-{place}-duty"] = duty
    return posted


def test_a_policy_is_entered_with_steps_and_special_says(cast, signed_in):
    response = signed_in(cast.root).post(
        reverse(ADD),
        entered(
            {"label": "Manager"},
            {
                "label": "Board",
                "source": "team",
                "team": cast.desk_team.pk,
                "rule": "percent",
                "number": "60",
                "only_above": "500.00",
                "members": [(cast.mia, "chair"), (cast.cleo, "mandatory")],
            },
            four_eyes="on",
        ),
    )
    assert response.status_code == 302
    made = ApprovalPolicy.objects.get()
    manager, board = made.steps.all()
    assert (made.four_eyes, manager.label, board.number) == (True, "Manager", 60)
    assert (board.team, str(board.only_above)) == (cast.desk_team, "500.00")
    assert [(one.person, one.duty) for one in board.members.order_by("pk")] == [
        (cast.mia, "chair"),
        (cast.cleo, "mandatory"),
    ]
    assert (
        "Manager → Board"
        in signed_in(cast.root).get(reverse("approval_policies:index")).content.decode()
    )


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({"source": "person"}, "Choose the person who decides."),
        ({"source": "team"}, "Choose the team."),
        ({"source": "team_leads"}, "Choose the team."),
        ({"rule": "quorum"}, "Enter how many have to agree, 1 or more."),
        ({"rule": "percent", "number": "0"}, "Enter a percentage from 1 to 100."),
        ({"rule": "percent", "number": "101"}, "Enter a percentage from 1 to 100."),
    ],
)
def test_a_step_that_could_ask_nobody_is_refused(cast, signed_in, step, text):
    response = signed_in(cast.root).post(reverse(ADD), entered(step))
    assert text in response.content.decode()
    assert not ApprovalPolicy.objects.exists()


def test_a_policy_without_a_step_is_refused(cast, signed_in):
    signed_in(cast.root).post(reverse(ADD), entered())
    assert not ApprovalPolicy.objects.exists()


@pytest.mark.parametrize("who", ["ann", "bo", "mia"])
def test_others_are_sent_away(cast, signed_in, who):
    response = signed_in(getattr(cast, who)).post(reverse(ADD), entered({}))
    assert response.status_code == 302
    assert not ApprovalPolicy.objects.exists()


def test_deleting_a_policy_leaves_what_runs(house, signed_in):
    rules = policy({"source": "manager"})
    process = begun_process(house, rules)
    signed_in(house.cast.root).post(reverse("approval_policies:delete", args=[rules.pk]))
    assert not ApprovalPolicy.objects.exists()
    assert states(process) == ["running"]
