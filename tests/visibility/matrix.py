"""Who may see and do what, written down by hand from the table of roles and asking no code.

Ann, Amy, Wim, Con (who sees the organization), Max (who approves) and Sal (who stands in for him,
but not in confidential matters) are of Acme; Dov and Dot (who sees the organization) of Globex.
At the provider Bo works in the service desk, Ned in Network, Hal in the restricted HR desk; Cleo
leads the service desk; Mia manages, Cat keeps the catalog, Bea bills, Pam answers for problems and
Chad for changes, Root administers. Wim watches the ticket of the printer.
"""

from dataclasses import dataclass

ACME = "ann amy wim con max sal"
GLOBEX = "dov dot"
AGENTS = "bo ned hal cleo"
STAFF = f"{AGENTS} mia cat bea pam chad root"
SIGNED_IN = f"{ACME} {GLOBEX} {STAFF}"
EVERYBODY = f"{SIGNED_IN} visitor"

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
VOTES = {"laptop": "max sal", "transfer": "max"}
QUESTIONS = {"laptop": "ann"}
DRAFTS = {"laptop": "ann", "carted": "ann"}
BUNDLES = {"dov": "dov"}
INVOICES = {"globex": "bea mia"}
ARTICLES = {"public": EVERYBODY, "signed": SIGNED_IN, "staff": STAFF, "unpublished": ""}
# Who may order it; Max, Cleo and Mia lead others.
ITEMS = {
    "laptop": SIGNED_IN,
    "key": SIGNED_IN,
    "transfer": SIGNED_IN,
    "canteen": STAFF,
    "bonus": "max cleo mia",
    "console": STAFF,
    "portal": GLOBEX,
    "draft": "",
}
VIEW_AS = "cat root"
# Items of the estate: the desk's, and what one has oneself.
ESTATE = f"{AGENTS} mia pam chad root"
DEVICES = {"device": ESTATE}
# Who meets the number of a ticket, and no more of it: who does one of its tasks, who booked time.
NUMBERS_MET = {"badge": "ned", "payroll": "ned", "salary": "bo"}


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
    known["zqportalitem"] |= names(AGENTS)
    known["zqdevice"] = names(ESTATE)
    # An order is called like what was ordered.
    known["zqlaptopitem"] = known["zqkeyitem"] = known["zqtransferitem"] = names(SIGNED_IN)
    return known
