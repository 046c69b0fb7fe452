"""Who may see and do what, written down by hand from the table of roles and asking no code.

Ann, Amy, Wim, Con (who sees the organization), Max (who approves) and Sal (who stands in for him,
but not in confidential matters) are of Acme; Dov, Dot (who sees the organization) and
Gil (who sees its invoices) of Globex.
At the provider Bo works in the service desk, Ned in Network, Hal in the restricted HR desk; Cleo
leads the service desk; Mia manages, Cat keeps the catalog, Bea bills, Pam answers for problems and
Chad for changes, Root administers. Ruth has no duty at the desk; she chairs the advisory board of
changes on which Cat sits, too. Wim watches the ticket of the printer.
"""

from dataclasses import dataclass

ACME = "ann amy wim con max sal"
GLOBEX = "dov dot gil"
AGENTS = "bo ned hal cleo"
STAFF = f"{AGENTS} mia cat bea pam chad root"
COLLEAGUES = f"{STAFF} ruth"
SIGNED_IN = f"{ACME} {GLOBEX} {COLLEAGUES}"
EVERYBODY = f"{SIGNED_IN} visitor"

# The members of the advisory board (`CAB`).
BOARD = "ruth cat"
# Who takes part in changes: 'T' and 'A' of 'Create change / own it', and the administrator.
PLANNERS = f"{AGENTS} pam chad root"
# 'A' of 'View ticket', and of 'View internal notes'; 'A' of 'Assign' and 'Set impact'.
ALL_TICKETS = "cleo mia pam chad root"
ALL_NOTES = "cleo pam chad root"
ALL_CLASSIFY = "cleo pam chad"
ALL_ASSIGN = "cleo pam"


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True)
class Rights:
    """What a ticket is to whom; every text is a list of names.

    `works`: in whose queue it is, with all rights of an agent. `leads`: who leads that queue.
    `desk` opens its page at the desk, `reads` its public texts there, `notes` the internal ones.
    `side`: the people whom it is for. `portal` opens it among the own requests. `knows`: who meets
    its number or title elsewhere, by a vote, for instance. `classify`, `assign`, `plan`: who sets
    impact and category, gives it to somebody, adds tasks.
    """

    works: str = ""
    leads: str = ""
    desk: str = ""
    notes: str = ""
    side: str = ""
    portal: str = ""
    knows: str = ""
    classify: str = ""
    assign: str = ""
    plan: str = ""

    @property
    def met_by(self) -> frozenset[str]:
        """Who may learn that it exists."""
        return names(f"{self.desk} {self.portal} {self.knows}")

    @property
    def read_by(self) -> frozenset[str]:
        """Who may read what was said in public."""
        return names(f"{self.notes} {self.portal}")

    @property
    def decided_by(self) -> frozenset[str]:
        """Who reads the texts of a record of the desk: who reads notes, and its board (`c3`)."""
        return names(f"{self.notes} {self.knows}")


def at_the_desk(works: str, *, leads: str = "", side: str = "", portal: str = "", **more) -> Rights:
    """A ticket that is not confidential: its team's, and that of those who see them all."""
    return Rights(
        works=works,
        leads=leads,
        desk=f"{works} {ALL_TICKETS} {more.pop('desk', '')}",
        notes=f"{works} {ALL_NOTES}",
        side=side,
        portal=f"{side} {portal}",
        classify=f"{works} {ALL_CLASSIFY}",
        assign=f"{works} {ALL_ASSIGN}",
        plan=f"{works} cleo",
        **more,
    )


def secret(works: str, *, side: str, **more) -> Rights:
    """A confidential ticket: its team's and that of the people whom it is for (`VIS-3`)."""
    return Rights(
        works=works,
        desk=works,
        notes=works,
        side=side,
        portal=side,
        classify=works,
        assign=works,
        plan=works,
        **more,
    )


DESK = {"works": "bo cleo", "leads": "cleo"}
TICKETS = {
    "printer": at_the_desk(**DESK, side="ann con", portal="wim"),
    # Its hours are billed: the clerk reads its header (c4).
    "router": at_the_desk("ned", side="dov dot", desk="bea"),
    # No team holds it: every agent may take it.
    "lamp": at_the_desk(AGENTS, leads="cleo", side="amy con"),
    "server": at_the_desk("ned", side="cat"),
    "fixed": at_the_desk(**DESK, side="dov dot"),
    "payroll": secret("hal", side="ann"),
    "lawsuit": secret("", side="dov"),
    "salary": secret("hal", side="amy"),
    "laptop": at_the_desk(**DESK, side="ann con", knows="max sal"),
    "transfer": secret("hal", side="amy", knows="max"),
    "badge": at_the_desk(**DESK, side="ann con"),
    "bundled": at_the_desk(**DESK, side="dov dot"),
    "bundled_too": at_the_desk(**DESK, side="dov dot"),
}
# Problems: 'A' of 'manage it' is Pam's. They are never shown to requesters (2.4).
PROBLEMS = {
    "disk": at_the_desk("bo cleo pam", leads="cleo"),
    "rust": at_the_desk("ned pam"),
    "rot": secret("hal", side=""),
}
# Changes: 'A' of 'Create change / own it' is Chad's. "Requesters and customers see a change only as
# an announcement" (`CHG-8`). Of a secret one, prohibitions win.
CHANGES = {
    # Ned carries it out and takes part, as a watcher does.
    "patch": at_the_desk("bo cleo chad", leads="cleo", desk="ned", knows=f"{BOARD} ned"),
    "switch": at_the_desk("ned chad", knows=BOARD),
    "hole": at_the_desk("ned chad"),
    "cable": at_the_desk("ned chad"),
    "vault": secret("hal", side=""),
}
# 'Release go/no-go' is read by a board that has changes of it before it (`c3`).
RELEASES = {
    name: at_the_desk("bo cleo chad", leads="cleo", knows=board)
    for name, board in {"spring": BOARD, "summer": "", "autumn": BOARD}.items()
}
# Major incidents and what belongs to them.
MAJORS = {
    # Ned holds a role in it: he takes part, as a watcher does.
    "outage": at_the_desk(**DESK, side="dov dot", desk="ned", portal="ned"),
    "stuck": at_the_desk(**DESK, side="dov dot"),
    "fire": at_the_desk(**DESK, side="ann con"),
    # Merged into the printer.
    "twin": at_the_desk(**DESK, side="ann con"),
}
TICKETS |= PROBLEMS | CHANGES | RELEASES | MAJORS
# Of each right above `O`: an owner, an implementer and the manager plan it; the manager decides.
CHANGES_PLANNED = {
    # A draft is everybody's of its team.
    "hole": "ned chad",
    "switch": "ned chad",
    "patch": "bo chad",
    # It is carried out: nothing is planned any more.
    "cable": "",
    "vault": "hal",
}
# Announced: who sees no more of the change is told of the work (`CHG-8`).
ANNOUNCED = ("patch",)
CHANGES_MANAGED = {name: "" if name == "vault" else "chad" for name in CHANGES}
# 'PIR': `A` of the change manager, and who owns it or carried it out tells how it went.
CHANGES_REVIEWED = {
    "patch": "bo ned chad",
    "switch": "ned chad",
    "hole": "ned chad",
    "cable": "ned chad",
    "vault": "hal",
}
# 'Assess, schedule, freeze windows' is `A` of Chad, `R` of the board and the administrator; who
# plans a change has to know when it must not run, and chooses among the templates (2.5).
BOARDS = {"cab": f"{PLANNERS} {BOARD}"}
BOARDS_LED = {"cab": "ruth chad"}
WINDOWS = dict.fromkeys(("freeze", "maintenance"), f"{PLANNERS} {BOARD}")
TEMPLATES = dict.fromkeys(("reboot", "vaulting", "mailbox"), f"{PLANNERS} {BOARD}")
# 'Internal note': its team; leads, problem and change managers; its board (`c3`).
CHANGES_NOTED = {
    name: f"{one.works} {'' if name == 'vault' else ALL_CLASSIFY} {one.knows and BOARD}"
    for name, one in CHANGES.items()
}
# What stands against a change is accepted by the change manager (`CHG-3`).
CONFLICTS = {"patch": "chad", "hole": "chad", "vault": ""}
# Who reads the change and what it may have caused.
SUSPECTS = {"printer": "cleo mia pam chad root", "payroll": ""}
SUSPECTS_DECIDED = {"printer": "chad", "payroll": ""}
# A release is put together by its owner and the change manager; 'go/no-go' is `A` of the latter.
RELEASES_PLANNED = dict.fromkeys(RELEASES, "bo chad")
RELEASES_DECIDED = dict.fromkeys(RELEASES, "chad")
# 'Accept / demote / close major': `A` of leads. Updates are written by who works on it, too, and by
# who holds a role in it.
MAJORS_LED = {
    **dict.fromkeys(
        ["printer", "router", "lamp", "server", "fixed", "outage", "stuck", "fire", "twin"], "cleo"
    ),
    # Nobody leads the teams that hold these, and no other lead has to do with secrets.
    **dict.fromkeys(("payroll", "lawsuit", "salary"), ""),
}
CANDIDATES = {"two": "bo ned cleo mia pam chad root"}
CANDIDATES_DECIDED = {"two": "bo ned cleo pam"}
# Tasks: who does them, and who else reads them.
TASKS = {
    "cut": "bo cleo mia pam chad root",
    "wire": "ned bo cleo mia pam chad root",
    # Of a secret: who does it and who holds the secret, nobody else.
    "form": "ned hal",
}
TASKS |= {"lost": TASKS["cut"], "last": TASKS["cut"]}
TASKS_WORKED = {
    "cut": "bo cleo",
    "lost": "bo cleo",
    "last": "bo cleo",
    "wire": "ned",
    "form": "ned",
}
# Who works on it, and who answers for its ticket.
TASKS_GIVEN = TASKS_WORKED | {"wire": "ned bo cleo", "form": "ned hal"}
# Who may be told the title of a task: `cut` is a step that its requester is shown.
TOLD_TASKS = TASKS | {"cut": f"{TASKS['cut']} ann con"}
# Agents read what opens into the queues of their teams; leads and administrators keep it.
SCHEDULES = {"rounds": "bo cleo root", "leavers": "hal root"}
# Who reads an estimate at the desk: clerks, managers, the lead of the team at work.
ESTIMATES = {"acme": "bea mia cleo", "globex": "bea mia"}
SCHEDULES_KEPT = {"rounds": "cleo root", "leavers": "root"}
VOTES = {"laptop": "max sal", "transfer": "max", "switch": "ruth"}
QUESTIONS = {"laptop": "ann"}
DRAFTS = {"laptop": "ann", "carted": "ann"}
BUNDLES = {"dov": "dov"}
# A draft, and one that was issued and sent (`c12`).
INVOICES = {"globex": "bea mia", "sent": "bea mia"}
INVOICES_WORKED = {"globex": "", "sent": "bea"}
OWN_INVOICES = {"globex": "", "sent": "gil"}
RUNS = {"march": "bea mia"}
# 'Contracts, rates': leads and managers read; what a customer is charged is the clerk's and theirs.
CONTRACTS = {"globex": "bea mia cleo"}
CHARGES = {"due": "bea mia", "proposed": "bea mia", "material": "bea mia"}
ARTICLES = {"public": EVERYBODY, "signed": SIGNED_IN, "staff": STAFF, "unpublished": ""}
# Who may order it; Max, Cleo and Mia lead others.
ITEMS = {
    "laptop": SIGNED_IN,
    "key": SIGNED_IN,
    "transfer": SIGNED_IN,
    "canteen": COLLEAGUES,
    "bonus": "max cleo mia",
    "console": STAFF,
    "portal": GLOBEX,
    "draft": "",
}
VIEW_AS = "cat root"
# Items of the estate: the desk's, and what one has oneself.
ESTATE = f"{AGENTS} mia pam chad root"
DEVICES = {"device": ESTATE}
# Time: who worked, the team of the ticket, and those who manage and bill; no secret's to these.
ENTRIES = {"printer": "bo cleo mia bea root", "salary": "bo hal"}
# Who meets the number of a ticket, and no more of it: who does one of its tasks, who booked time.
NUMBERS_MET = {"badge": "ned", "payroll": "ned", "salary": "bo"}
# Clerks read for which ticket an estimate was written.
NUMBERS_MET |= {"printer": "bea", "router": "bea"}
# The note of its template says by which use it was suspended (`CHG-6`).
NUMBERS_MET |= {"cable": f"{PLANNERS} {BOARD}"}
# Its hours stand on an invoice, behind which the billing contact sees numbers (`c12`).
NUMBERS_MET["router"] += " gil"


def words() -> dict[str, frozenset[str]]:
    """Every telling word, and who may meet it."""
    known = {
        "zqacme": names(f"{ACME} {STAFF}"),
        "zqglobex": names(f"{GLOBEX} {STAFF}"),
        **{f"zq{name}": names(f"{ACME} {STAFF}") for name in ACME.split()},
        **{f"zq{name}": names(f"{GLOBEX} {STAFF}") for name in GLOBEX.split()},
    }
    for name, rights in TICKETS.items():
        known[f"zq{name}title"] = rights.met_by
        known[f"zq{name}text"] = known[f"zq{name}file"] = rights.read_by
        known[f"zq{name}note"] = known[f"zq{name}notefile"] = names(rights.notes)
        # What was answered when it was ordered, and what an approver asked about it.
        known[f"zq{name}answer"] = known[f"zq{name}question"] = rights.met_by
    known["zqfixednote"] = TICKETS["fixed"].read_by
    known["zqfixedcomment"] = TICKETS["fixed"].met_by - names("dot")
    known["zqrouterhours"] = TICKETS["router"].met_by - names("dov dot")
    known["zqduecharge"] = names(CHARGES["due"])
    known["zqproposedcharge"] = names(CHARGES["proposed"])
    known["zqmaterialcharge"] = names(TICKETS["router"].desk)
    known["zqroutersecond"] = known["zqrouterhours"]
    known["zqbillnote"] = names("bea mia")
    known["zqbilldispute"] = names("bea mia gil")
    known["zqwirefile"] = names(TASKS["wire"])
    known["zqdraftanswer"] = names(DRAFTS["laptop"])
    known["zqbundletitle"] = names("dov") | TICKETS["bundled"].met_by
    known |= {f"zq{name}task": names(who) for name, who in TOLD_TASKS.items()}
    for name, who in ARTICLES.items():
        known[f"zq{name}article"] = known[f"zq{name}summary"] = names(who)
    # Who looks through the eyes of others meets what they may order.
    known |= {
        f"zq{name}item": names(f"{who} {VIEW_AS if who else ''}") for name, who in ITEMS.items()
    }
    # What a requester may order is offered to agents who make an order of a report.
    known["zqportalitem"] |= names(f"{AGENTS} pam chad")
    # Ann has it; it stands on the sheet of a change (`c3`).
    known["zqdevice"] = names(f"{ESTATE} ann {BOARD}")
    known["zqcradle"] = names(ESTATE)
    known |= {f"zq{name}": names(AGENTS) for name in ("sheet", "imported", "rejected")}
    # An order is called like what was ordered.
    known["zqlaptopitem"] = known["zqkeyitem"] = known["zqtransferitem"] = names(SIGNED_IN)
    # Who reads the texts of a schedule sees all of it.
    for name, who in SCHEDULES.items():
        known |= {f"zq{name}{kind}": names(who) for kind in ("schedule", "check", "words")}
    return known | words_of_the_desk()


def words_of_the_desk() -> dict[str, frozenset[str]]:
    """The telling words of its own records. A manager reads no texts (`c5`), as with tickets."""
    plans = ("reason", "plan", "testplan", "backoutplan", "communicationplan")
    found = ("symptoms", "rootcause", "fixplan", "result", "workaround", "secondway")
    review = ("lessons", "wentwell", "wentbadly", "wentwrong", "followup")
    kinds = (*plans, *found, *review, "question", "answer", "bone", "accepted", "vote", "minutes")
    kinds += (
        "note",
        "notefile",
        "urgencyreason",
        "securityreason",
        "scope",
        "criteria",
        "go",
        "whathappened",
    )
    kinds += ("causes", "actions", "note", "notefile")
    owned = PROBLEMS | CHANGES | RELEASES | MAJORS | {"server": TICKETS["server"]}
    known = {
        f"zq{name}{kind}": rights.decided_by for name, rights in owned.items() for kind in kinds
    }
    # A public workaround is told to the requesters of what the problem has caused (`PRB-2`), an
    # update on what stands below a major incident (`INC-7`).
    known["zqdiskworkaround"] |= TICKETS["printer"].read_by | TICKETS["router"].read_by
    known["zqoutageupdate"] = TICKETS["outage"].read_by | TICKETS["stuck"].read_by
    known["zqoutagenotice"] = TICKETS["outage"].met_by
    known["zqfiresolution"] = TICKETS["fire"].read_by
    known |= dict.fromkeys(("zqpatchannounced", "zqpatcheffect"), names(SIGNED_IN))
    for name, rights in RELEASES.items():
        known[f"zq{name}version"], known[f"zq{name}wave"] = rights.met_by, names(rights.desk)
    for name, who in TEMPLATES.items():
        known |= {f"zq{name}{kind}": names(who) for kind in ("consent", *plans)}
        # The header of a change names the template that it was made from.
        known[f"zq{name}template"] = names(f"{who} mia")
    known |= dict.fromkeys(("zqmeetingplace", "zqmeetingremarks"), names(BOARDS["cab"]))
    for name, who in WINDOWS.items():
        known[f"zq{name}note"] = names(who)
        # The history of a change names the freeze that it fell into.
        known[f"zq{name}name"] = names(f"{who} mia")
    known["zqcabboard"] = names(BOARDS["cab"])
    known["zqcandidatewords"] = names(CANDIDATES["two"])
    return known
