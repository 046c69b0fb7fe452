"""What the departments of the demo company offer."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Offer:
    """One item: what its card shows, and the names of its form, approval and plan."""

    title: str
    summary: str
    topic: str
    icon: str
    days: int
    form: str = "Short"
    approval: str = ""
    plan: str = ""
    price: Decimal = Decimal(0)
    monthly: bool = False
    # The form's choices make the price.
    starting: bool = False
    keywords: str = ""
    audience: str = "employees"
    private: bool = False
    pinned: bool = False
    # Approved when nobody answers.
    silent: bool = False
    # The bundle that it orders, and what ends it when the person leaves.
    bundle: str = ""
    ended_by: str = ""


@dataclass(frozen=True)
class Desk:
    """A department in the catalog; `organization` and `team` are names."""

    title: str
    slug: str
    introduction: str
    icon: str
    organization: str
    team: str
    offers: tuple[Offer, ...]
    # Its requests are seen by the team and those concerned only.
    confidential: bool = False


def euro(amount: str) -> Decimal:
    return Decimal(amount)


IT = (
    Offer("New laptop", "Choose a model that fits your work. Comes set up and encrypted.",
          "Hardware", "device-laptop", 5, "Laptop", "Manager and budget", "Laptop",
          starting=True, keywords="notebook computer macbook pc", pinned=True),
    Offer("Monitor", "24 or 27 inch, with the right cable and a height-adjustable stand.",
          "Hardware", "device-desktop", 3, "Monitor", "Above 250", "Device",
          starting=True, keywords="screen display"),
    Offer("Mobile phone", "Company phone with a data plan for where you travel.",
          "Hardware", "device-mobile", 4, "Mobile phone", "Manager", "Device",
          monthly=True, starting=True, keywords="smartphone sim iphone"),
    Offer("Headset", "For calls and meetings, with noise cancelling.",
          "Hardware", "headphones", 2, "Short", plan="Device", price=euro("65"),
          keywords="headphones microphone"),
    Offer("Keyboard and mouse", "Wired or wireless, also for left-handers.",
          "Hardware", "keyboard", 2, "Short", plan="Device", price=euro("48.50")),
    Offer("Printer or scanner", "Set up on your computer, or moved to another room.",
          "Hardware", "printer", 2, "Repair", plan="Device"),
    Offer("Charger or cable", "A replacement, to pick up at the desk.",
          "Hardware", "plug", 0, "Short", plan="Device", keywords="adapter usb"),
    Offer("Loan router", "Works out of the box, while yours is repaired.",
          "Network", "wifi", 1, "Short", plan="Device", price=euro("89"),
          audience="everybody", keywords="modem replacement"),
    Offer("VPN access", "Reach internal systems from home or on the road.",
          "Access", "shield-lock", 0, "Access", plan="Network access", pinned=True,
          audience="everybody", keywords="remote home office", ended_by="End an access"),
    Offer("Shared folder access", "Read or edit rights on a team folder. The owner decides.",
          "Access", "folder-share", 1, "Access", "Owner", "Access", keywords="drive share",
          ended_by="End an access"),
    Offer("Shared mailbox", "One mailbox that a whole team reads and answers.",
          "Access", "mail", 1, "Access", plan="Access", audience="everybody"),
    Offer("Mailing list", "One address for a team. Change members yourself later.",
          "Access", "users-group", 0, "Access", "Manager", "Access", silent=True,
          keywords="distribution group"),
    Offer("Administrator rights", "For a limited time, on your own computer.",
          "Access", "key", 2, "Access", "Manager and owner", "Access", keywords="admin root",
          ended_by="End an access"),
    Offer("Software license", "Ask for a program from the approved list, or suggest a new one.",
          "Software", "apps", 2, "Software", "Manager", "Software",
          monthly=True, starting=True, pinned=True, keywords="app program licence install",
          ended_by="End an access"),
    Offer("Report or dashboard", "Figures from the business applications, as a page or a file.",
          "Software", "chart-bar", 10, "Short", "Owner", "Access"),
    Offer("Test environment", "A copy of an application to try changes on.",
          "Software", "server", 5, "Short", "Owner", "Network access"),
    Offer("Account for a colleague", "Name, mailbox and the programs everybody has.",
          "Access", "user-check", 1, "Account", plan="Account", audience="leaders"),
    Offer("End an access", "Closed on the day you say; what belongs to the team stays.",
          "Access", "lock", 1, "End an access", plan="End", audience="leaders"),
    Offer("Return a device", "Bring it to the desk, or have it collected. We erase it.",
          "Hardware", "package", 2, "Return a device", plan="Return",
          keywords="give back laptop phone"),
    Offer("Guest Wi-Fi", "A code for visitors, valid for as long as they stay.",
          "Network", "wifi", 0, "Short", plan="Network access", keywords="wlan internet visitor"),
    Offer("Network socket", "A new socket, or one moved to another desk.",
          "Network", "plug", 5, "Repair", plan="Network access", price=euro("120")),
)  # fmt: skip

PEOPLE = (
    Offer("New colleague", "Account, laptop, badge and desk, ready on day one.",
          "Joining and leaving", "user-plus", 5, "New colleague",
          starting=True, audience="leaders", pinned=True, keywords="onboarding starter hire",
          bundle="New colleague"),
    Offer("Someone leaves", "Accounts closed, devices collected, pay settled.",
          "Joining and leaving", "user-minus", 5, "Leaving",
          audience="leaders", keywords="offboarding leaver", bundle="Leaving"),
    Offer("Contract and payroll", "For somebody who begins with us.",
          "Joining and leaving", "signature", 3, "Contract of a colleague", plan="Contract",
          audience="leaders"),
    Offer("Last pay", "Days left, expenses, the last pay slip.",
          "Joining and leaving", "coin", 5, "Last pay", plan="People", audience="leaders"),
    Offer("Change of role", "A new team, manager or job title.",
          "Joining and leaving", "user-check", 5, "Confidential", "Two managers", "People",
          audience="leaders", private=True),
    Offer("Unpaid or special leave", "For moving, marriage, care and other good reasons.",
          "Leave", "beach", 2, "Leave", "Manager", "People", keywords="holiday vacation absence"),
    Offer("Parental leave", "Before and after a birth or adoption, for both parents.",
          "Leave", "baby-carriage", 5, "Leave", "Manager", "People", private=True),
    Offer("Statement of employment", "For a landlord, a bank or an embassy.",
          "Contract and pay", "file-text", 2, "Short", plan="People", keywords="letter proof"),
    Offer("Change of hours", "Work more or fewer hours, or on other days.",
          "Contract and pay", "clock", 10, "Confidential", "Two managers", "People",
          keywords="part time"),
    Offer("Question about my pay", "Pay slip, tax, pension.",
          "Contract and pay", "coin", 2, "Confidential", plan="People", private=True,
          keywords="salary payslip wage"),
    Offer("Training", "A course, a conference or an exam.",
          "Learning", "school", 5, "Training", "Manager and budget", "People",
          keywords="course learning conference"),
    Offer("Language lessons", "In a group or alone, once a week.",
          "Learning", "language", 10, "Short", "Manager", "People", price=euro("35"),
          monthly=True),
    Offer("Talk to a counsellor", "Somebody from outside, in confidence.",
          "Health", "heart", 1, "Confidential", plan="People", private=True),
)  # fmt: skip

FINANCE = (
    Offer("Pay an invoice", "A supplier's invoice that came to you.",
          "Payments", "file-invoice", 3, "Payment", "Manager and budget", "Finance"),
    Offer("Expenses", "Get back what you paid for work.",
          "Payments", "receipt", 3, "Payment", "Manager", "Finance",
          pinned=True, keywords="refund claim reimbursement"),
    Offer("Advance", "Money before a journey, in our or another currency.",
          "Payments", "cash", 2, "Payment", "Manager", "Finance"),
    Offer("Company card", "A card for regular costs, with a limit.",
          "Cards and travel", "credit-card", 10, "Short", "Manager and owner", "Finance",
          keywords="credit card"),
    Offer("Book a journey", "Train, flight and hotel from one hand.",
          "Cards and travel", "plane", 2, "Journey", "Manager", "Journey",
          keywords="travel trip flight hotel train"),
    Offer("Expense account", "So that a colleague can be paid back from the first day.",
          "Payments", "receipt", 3, "Expense account", plan="Finance", audience="leaders"),
    Offer("New supplier", "Checked and entered, so that invoices can be paid.",
          "Budgets", "building-bank", 5, "Short", "Owner", "Finance", keywords="vendor"),
    Offer("Move budget", "From one cost center to another.",
          "Budgets", "report-money", 5, "Payment", "Manager and budget", "Finance"),
)  # fmt: skip

FACILITIES = (
    Offer("Badge", "A new one, a lost one, or more doors on yours.",
          "Parking and access", "id-badge-2", 1, "Badge", plan="Facilities",
          keywords="card key door"),
    Offer("Parking space", "For your car or for a visitor.",
          "Parking and access", "parking", 2, "Short", "Manager", "Facilities", silent=True),
    Offer("Bicycle locker", "Dry, locked, close to the door.",
          "Parking and access", "bike", 3, "Short", plan="Facilities", price=euro("5"),
          monthly=True),
    Offer("Desk or chair", "Height-adjustable, fitted to you.",
          "Workplace", "armchair", 5, "Repair", "Manager", "Facilities", price=euro("320")),
    Offer("Move to another desk", "You, your team, your boxes.",
          "Workplace", "truck", 5, "Repair", "Manager", "Facilities"),
    Offer("Room and catering", "A room for a meeting or an event, with what belongs to it.",
          "Rooms and events", "coffee", 2, "Room", plan="Event",
          keywords="meeting conference lunch event"),
    Offer("Repair in the building", "Light, heating, doors, water.",
          "Repairs", "tools", 3, "Repair", plan="Facilities", audience="everybody",
          keywords="broken lamp heating leak"),
    Offer("Extra cleaning", "After an event, or when something went wrong.",
          "Repairs", "spray", 1, "Repair", plan="Facilities", price=euro("40")),
    Offer("Parcel or courier", "Collected at your desk, also abroad.",
          "Workplace", "package", 1, "Short", plan="Facilities", keywords="post mail ship"),
)  # fmt: skip

LEGAL = (
    Offer("Check a contract", "Before you sign: risks, dates, liability.",
          "Contracts", "scale", 5, "Contract", plan="Legal", pinned=True, private=True,
          keywords="agreement review"),
    Offer("Agreement of secrecy", "Our own text, ready for both to sign.",
          "Contracts", "signature", 2, "Contract", plan="Legal", keywords="nda confidentiality"),
    Offer("Who may sign", "A power of attorney, or proof of who signs for us.",
          "Contracts", "gavel", 3, "Short", "Owner", "Legal"),
    Offer("Privacy check", "For a new program, survey or supplier.",
          "Privacy", "shield-check", 10, "Contract", plan="Legal", keywords="gdpr dpia data"),
    Offer("Brand and copyright", "May we use this picture, name or text?",
          "Privacy", "copyright", 3, "Short", plan="Legal", keywords="trademark license"),
)  # fmt: skip

DESKS = (
    Desk("IT", "it", "Devices, programs and access.", "device-laptop",
         "Information Technology", "Service desk", IT),
    Desk("People and HR", "people", "From the first day to the last, and all that lies between.",
         "users", "Human Resources", "People services", PEOPLE, confidential=True),
    Desk("Facilities", "facilities", "The building, and what you need in it.", "building",
         "Facilities", "Facilities", FACILITIES),
    Desk("Finance", "finance", "Payments, journeys and budgets.", "coin",
         "Finance", "Finance desk", FINANCE),
    Desk("Legal", "legal", "Contracts, privacy, signatures.", "scale",
         "Legal", "Legal desk", LEGAL, confidential=True),
)  # fmt: skip
