"""What goes wrong at the demo company, and how it is put right."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One kind of trouble, with the words of both sides."""

    title: str
    text: str
    service: str
    category: str
    urgency: int
    replies: tuple[str, ...]
    note: str
    resolution: str
    code: str = "fixed"
    question: str = ""
    answer: str = ""
    minutes: tuple[int, int] = (10, 60)
    activity: str = "Repair"


TOPICS = (
    Topic(
        "VPN connects, but nothing loads",
        "I am working from home. The VPN says connected, but no internal page opens.",
        "Network and VPN",
        "VPN",
        2,
        ("Thank you for reporting this. I am looking at your connection now.",),
        "Split tunnel profile was the old one; pushed the new profile.",
        "Your VPN had an old profile. I sent the new one; disconnect and connect once.",
        minutes=(15, 45),
    ),
    Topic(
        "Payroll export stops with error 500",
        "Since this morning the monthly export stops at 60 % with “error 500”. "
        "We have to send the file to the bank today.",
        "Payroll",
        "Payroll",
        1,
        ("I see the same error and I am on it. The bank deadline is safe.",),
        "Export worker ran out of disk. Cleared old exports, asked for a bigger volume.",
        "The export works again. The disk of the export server was full.",
        minutes=(60, 180),
        activity="Analysis",
    ),
    Topic(
        "Shared mailbox does not sync on iPad",
        "The mailbox of our department shows no new mail on my iPad since yesterday.",
        "Mail and calendar",
        "Mail",
        3,
        ("We can help with that.",),
        "Known issue after the update: account must be added again.",
        "I added the mailbox again on your iPad while we were on the phone.",
        question="Which version of the system does the iPad show under Settings, General?",
        answer="It says 19.1.",
        minutes=(10, 30),
        activity="Advice",
    ),
    Topic(
        "Printer on the second floor prints blank pages",
        "Every page comes out white. The display shows no error.",
        "Workplace",
        "Printer",
        3,
        ("Thank you, a colleague comes by this afternoon.",),
        "Toner seal was left in. Removed.",
        "The toner had been put in with its seal. It prints now.",
        minutes=(20, 60),
        activity="On-site visit",
    ),
    Topic(
        "Cannot sign in after password change",
        "I changed my password this morning. Now my laptop does not accept the new one.",
        "Workplace",
        "Password",
        2,
        ("Sorry about that. We reset it in a minute.",),
        "Cached credentials; reconnected on the office network.",
        "Your laptop still knew the old password. It has the new one now.",
        minutes=(5, 20),
    ),
    Topic(
        "Video calls drop after 30 seconds",
        "All my calls end after about half a minute. Colleagues in the same room have it too.",
        "Network and VPN",
        "Wi-Fi",
        2,
        ("Thank you. We are checking the access points on your floor.",),
        "Access point 3-12 rebooting in a loop; power injector replaced.",
        "An access point on your floor restarted again and again. We replaced its power supply.",
        minutes=(45, 150),
        activity="On-site visit",
    ),
    Topic(
        "Routes are not calculated for tomorrow",
        "The planning shows no routes for tomorrow. Drivers need them at 17:00.",
        "Transport planning",
        "Planning",
        1,
        ("We restarted the calculation and stay with it until it is done.",),
        "Map update changed a field name. Mapped it, re-ran the job.",
        "The routes for tomorrow are there. A map update had changed a field.",
        minutes=(60, 200),
        activity="Analysis",
    ),
    Topic(
        "Badge reader does not open door 4",
        "My badge works at the main entrance but not at door 4.",
        "Building",
        "Doors",
        3,
        ("Thank you, we look at the reader.",),
        "Reader had lost its network. Restarted.",
        "The reader had lost its connection. Try again, it should open now.",
        minutes=(15, 40),
    ),
    Topic(
        "No rights on the marketing folder",
        "I moved to marketing on Monday and cannot open the folder of the department.",
        "Workplace",
        "Permissions",
        3,
        ("I asked the owner of the folder for approval.",),
        "Approved by the head of marketing.",
        "You can open the folder now. Sign out and in once.",
        minutes=(10, 25),
        activity="Internal work",
    ),
    Topic(
        "Laptop is very slow since the update",
        "Starting takes ten minutes, and typing lags in every program.",
        "Workplace",
        "Laptop",
        2,
        ("Let us see what keeps it busy.",),
        "Indexing stuck; rebuilt, and 4 GB of old profiles removed.",
        "The search index was stuck. We rebuilt it; the laptop should be quick again.",
        question="When is a good time for a remote session of 20 minutes?",
        answer="Today after 14:00 is fine.",
        minutes=(30, 90),
    ),
    Topic(
        "Meeting room 2.04 is too warm",
        "It is 27 degrees in there and the control on the wall does nothing.",
        "Building",
        "Climate",
        3,
        ("Thank you, we check the unit today.",),
        "Valve stuck, freed; part ordered.",
        "The valve was stuck. It cools again.",
        minutes=(30, 60),
        activity="On-site visit",
    ),
    Topic(
        "Calendar shows meetings one hour late",
        "All meetings made by colleagues abroad are shown an hour late.",
        "Mail and calendar",
        "Mail",
        3,
        ("I think I know what it is.",),
        "Time zone of the mailbox was set to London.",
        "Your mailbox was set to another time zone. It is right now.",
        minutes=(5, 20),
        activity="Advice",
    ),
)

ARTICLES = (
    (
        "Network and VPN",
        "The VPN is connected, but nothing loads",
        "Most of the time the connection still uses an old profile.",
        (
            "Disconnect the VPN and wait ten seconds.",
            "Open the VPN program, choose Profiles, then Update.",
            "Connect again and open the intranet.",
        ),
        "vpn remote home connection internet",
    ),
    (
        "Passwords and access",
        "Reset your password",
        "You can do it yourself at any time, also from home.",
        (
            "Open the sign-in page and choose “I forgot my password”.",
            "Enter your e-mail address and open the link in the mail.",
            "Choose a new password of at least ten characters.",
            "Lock your laptop and unlock it with the new password while on the network or VPN.",
        ),
        "password sign in login forgot locked",
    ),
    (
        "Passwords and access",
        "Guest Wi-Fi for a visitor",
        "Visitors get a code that works for one day.",
        (
            "Ask the reception for a visitor code, or make one on the intranet.",
            "The visitor chooses the network Halden-Guest and enters the code.",
        ),
        "wifi guest visitor wireless internet",
    ),
    (
        "Devices",
        "The printer prints nothing or blank pages",
        "Check these three things before you report it.",
        (
            "Look whether the display asks for paper or toner.",
            "Open the front and see whether the toner has its orange seal removed.",
            "Switch the printer off, wait ten seconds, switch it on.",
        ),
        "printer print blank toner paper",
    ),
    (
        "Devices",
        "A shared mailbox on your phone or tablet",
        "Shared mailboxes are added as an account of their own.",
        (
            "Open Settings, Mail, Accounts and choose Add account.",
            "Enter the address of the shared mailbox, then your own address and password.",
        ),
        "mail mailbox ipad phone sync shared",
    ),
    (
        "Devices",
        "My laptop is slow",
        "Restarting solves most of it; here is what to do when it does not.",
        (
            "Restart the laptop, do not only close it.",
            "Close programs that you do not use.",
            "Leave it on power and network for an hour, so that updates can finish.",
        ),
        "laptop slow update start",
    ),
)
