"""Problems, releases and major incidents of the world. Pam answers for problems."""

from datetime import timedelta
from typing import Any

from itil.desk import actions as desk
from itil.incidents import actions as incidents
from itil.incidents.models import MajorIncident, MajorRole
from itil.problems import actions as problems
from itil.problems.models import CandidateMember, Problem, ProblemCandidate
from itil.releases import actions as releases
from itil.releases.models import Release
from itil.tickets import actions as tickets
from itil.tickets.models import LinkType
from tests.cast import MONDAY
from tests.catalog.requests import orders

from .telling import LATER, NOW, SOLVED, World, said, told

HOUR = timedelta(hours=1)


def build(world: World) -> None:
    """All of it, by the real verbs."""
    _problems(world)
    _solved_problem(world)
    _releases(world)
    _majors(world)
    _candidate(world)
    _twin(world)


def _analysed(world: World, name: str, problem: Problem, *steps: str) -> None:
    """Walked by its manager, with telling values."""
    values: dict[str, Any] = {
        "impact": 2,
        "urgency": 2,
        "note": f"zq{name}result umbrella",
        **told(name, "root_cause", "fix_plan"),
    }
    for verb in steps:
        problems.move(problem, verb, by=world.people["pam"], values=values, at=LATER)


def _problems(world: World) -> None:
    """A known error behind incidents of two customers and a secret one; a problem of a secret."""
    cast, hal, pam = world.cast, world.people["hal"], world.people["pam"]
    disk = problems.open_problem(
        by=cast.bo,
        title="zqdisktitle umbrella",
        symptoms="zqdisksymptoms umbrella",
        incidents=[world.tickets["printer"]],
        at=MONDAY,
    )
    # While no team holds it, every agent names what it has caused.
    for name, by in (("router", cast.ned), ("payroll", hal)):
        problems.link_incidents(disk, [world.tickets[name]], by=by, at=MONDAY)
    desk.hand_over(disk, cast.desk_team, by=pam, at=MONDAY)
    desk.assign(disk, cast.bo, by=pam, at=MONDAY)
    _analysed(world, "disk", disk, "assess", "analyse")
    whys = [("zqdiskquestion umbrella", "zqdiskanswer umbrella")]
    problems.save_whys(disk, whys, by=cast.bo, version=disk.version, at=LATER)
    rows = [("people", "zqdiskbone umbrella", None)]
    problems.save_causes(disk, rows, by=cast.bo, version=disk.version, at=LATER)
    cause = {"root_cause": "zqdiskrootcause umbrella"}
    problems.declare_known_error(disk, by=pam, **cause, at=LATER)
    first = problems.write_workaround(disk, by=cast.bo, text="zqdiskworkaround umbrella", at=LATER)
    problems.publish_workaround(first, by=pam, is_public=True, at=LATER)
    problems.post_pending(LATER)
    problems.write_workaround(disk, by=cast.bo, text="zqdisksecondway umbrella", at=LATER)
    world.tickets["disk"] = disk
    world.tickets["rot"] = problems.open_problem(
        by=hal,
        title="zqrottitle umbrella",
        symptoms="zqrotsymptoms umbrella",
        team=cast.hr_team,
        incidents=[world.tickets["payroll"]],
        at=MONDAY,
    )


def _solved_problem(world: World) -> None:
    """Its fix is applied, and the incident that waited for it goes on."""
    cast, server = world.cast, world.tickets["server"]
    rust = problems.open_problem(
        by=cast.ned,
        title="zqrusttitle umbrella",
        symptoms="zqrustsymptoms umbrella",
        team=cast.network_team,
        incidents=[server],
        at=MONDAY,
    )
    desk.assign(rust, cast.ned, by=world.people["pam"], at=MONDAY)
    desk.take(server, by=cast.ned, at=MONDAY)
    waits = {"hold_reason": "awaiting_problem", "reference": rust.number, "note": "It is rusty."}
    desk.move(server, "hold", by=cast.ned, values=waits, at=MONDAY)
    _analysed(world, "rust", rust, "assess", "analyse", "fix", "resolve")
    orders.react()
    review = told("rust", "went_well", "went_badly", "lessons")
    rust = Problem.objects.get(pk=rust.pk)
    problems.save_review(rust, by=cast.ned, version=rust.version, changes=review, at=LATER)
    world.tickets["rust"] = rust


def _release(world: World, name: str, change: str) -> Release:
    """Bo's, for both customers; Chad, who sees the changes of all teams, has put one in."""
    cast = world.cast
    release = releases.open_release(
        by=cast.bo,
        title=f"zq{name}title umbrella",
        version=f"zq{name}version",
        service=cast.mail_service,
        scope=f"zq{name}scope umbrella",
        at=MONDAY,
    )
    releases.add_change(release, world.tickets[change], by=world.people["chad"], at=MONDAY)
    wave = releases.add_wave(
        release,
        name=f"zq{name}wave",
        start=NOW,
        end=NOW + HOUR,
        organizations=[cast.acme, cast.globex],
        by=cast.bo,
        at=MONDAY,
    )
    world.tickets[name] = release
    world.keep("wave", **{name: wave})
    return release


def _releases(world: World) -> None:
    """One that is put together, one before its go, and one that is rolled out."""
    bo, chad = world.cast.bo, world.people["chad"]
    _release(world, "spring", "switch")
    for name, change in (("summer", "hole"), ("autumn", "patch")):
        release = _release(world, name, change)
        for verb in ("build", "test", "ask_approval"):
            criteria = {"exit_criteria": f"zq{name}criteria umbrella"}
            releases.move(release, verb, by=bo, values=criteria, at=MONDAY)
    autumn = world.tickets["autumn"]
    releases.decide(autumn, is_go=True, note="zqautumngo umbrella", by=chad, at=LATER)
    releases.move(autumn, "deploy", by=bo, at=LATER)
    world.keep("deployment", autumn=autumn.deployments.in_order().first())


def _major(world: World, name: str, **more: Any) -> MajorIncident:
    """Proposed by Bo and led by Cleo."""
    cast, incident = world.cast, world.tickets[name]
    desk.take(incident, by=cast.bo, at=MONDAY)
    reason = f"zq{name}reason umbrella"
    incidents.propose_major(incident, by=cast.bo, reason=reason, at=MONDAY)
    return incidents.accept(incident, by=cast.cleo, owner=cast.cleo, at=MONDAY, **more)


def _majors(world: World) -> None:
    """One of Globex that goes on, with one below it; one of Acme to review; a candidate."""
    cast = world.cast
    outage = said(world, "outage", who="dov", service=cast.mail_service)
    stuck = said(world, "stuck", who="dov")
    desk.set_parent(stuck, outage, by=cast.bo, at=MONDAY)
    # Ned is of another team: as one of those who hold a role he can open it.
    roles = {MajorRole.TECHNICAL: cast.ned}
    major = _major(world, "outage", roles=roles, announcement="zqoutagenotice umbrella")
    incidents.send_update(major, by=cast.cleo, text="zqoutageupdate umbrella", at=LATER)
    said(world, "fire", who="ann")
    burnt = _major(world, "fire")
    values = SOLVED | {"note": "zqfiresolution umbrella"}
    desk.move(world.tickets["fire"], "resolve", by=cast.bo, values=values, at=LATER)
    texts = told("fire", "what_happened", "causes", "actions")
    burnt = MajorIncident.objects.get(pk=burnt.pk)
    incidents.save_review(burnt, by=cast.cleo, texts=texts, at=LATER)
    reason = "zqserverreason umbrella"
    incidents.propose_major(world.tickets["server"], by=cast.ned, reason=reason, at=LATER)


def _candidate(world: World) -> None:
    """As the nightly job leaves one; of few incidents it makes none."""
    candidate = ProblemCandidate.objects.create(
        key="1",
        words="zqcandidatewords",
        score=4.2,
        why={"cohesion": 0.9, "week": 2, "week_at": "", "expected": 1.0},
        size=2,
        first_at=MONDAY,
        last_at=MONDAY,
        found_at=LATER,
    )
    for name in ("router", "outage"):
        CandidateMember.objects.create(
            candidate=candidate, incident_id=world.tickets[name].pk, likeness=0.9
        )
    world.keep("candidate", two=candidate)


def _twin(world: World) -> None:
    """Ann reports it twice; and Bo says what belongs together."""
    cast, printer = world.cast, world.tickets["printer"]
    twin = said(world, "twin", who="ann")
    desk.merge(twin, printer, by=cast.bo, at=LATER)
    tickets.link(printer, world.tickets["fire"], LinkType.RELATED, by=cast.bo, at=LATER)
