"""From addresses to people (`MAI-4`, `MAI-10`)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.functions import Lower

from portal.mailbox.models import Mailbox
from portal.mailbox.parse.headers import Address
from portal.people.models import Organization, User

# Their users have nothing in common: no organization may own these domains.
PUBLIC_PROVIDERS = frozenset(
    {
        *("126.com", "163.com", "aol.com", "bk.ru", "fastmail.com", "foxmail.com", "gmail.com"),
        *("gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk"),
        *("hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.nl", "icloud.com", "inbox.ru"),
        *("kpnmail.nl", "laposte.net", "libero.it", "list.ru", "live.com", "live.nl", "mac.com"),
        *("mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "outlook.de"),
        *("posteo.de", "proton.me", "protonmail.com", "qq.com", "rambler.ru", "sina.com"),
        *("sohu.com", "t-online.de", "tuta.com", "tutanota.com", "web.de", "xs4all.nl"),
        *("ya.ru", "yahoo.co.id", "yahoo.co.jp", "yahoo.com", "yahoo.de", "yandex.com"),
        *("yandex.ru", "yeah.net", "ziggo.nl", "zoho.com", "docomo.ne.jp", "ezweb.ne.jp"),
    }
)
UNKNOWN_SENDERS = "Unknown senders"
WATCHER_LIMIT = 20


@dataclass(frozen=True)
class Sender:
    """The person behind a From address."""

    user: User
    # The organization that gets the ticket; differs from the person's when that one is empty.
    organization: Organization
    # Nobody vouches for the person: no organization claims the domain.
    is_unconfirmed: bool


def known(address: str) -> User | None:
    """The person with this address, with the organization. One query."""
    found: User | None = User.objects.select_related("organization").with_address(address).first()
    return found


def known_among(addresses: Iterable[str]) -> dict[str, User]:
    """The people with these lower-cased addresses. One query."""
    rows = User.objects.select_related("organization").annotate(key=Lower("email"))
    return {user.email.lower(): user for user in rows.filter(key__in=set(addresses))}


def sender_of(person: User | None, address: Address, mailbox: Mailbox | None) -> Sender:
    """Who wrote, made known when new, and where the ticket belongs.

    A new person belongs to the organization that owns the domain. Nobody owns the domains of
    public providers, and a domain that no organization claims says nothing either: such a person
    belongs to none, so that no page shows them anything of others, and the ticket goes to the
    organization of the mailbox or, without one, to the catch-all "Unknown senders". The ticket is
    flagged, the mail is never refused.
    """
    person = person or contact(address)
    organization = person.organization
    if organization is not None:
        return Sender(person, organization, is_unconfirmed=False)
    if mailbox is not None and mailbox.organization is not None:
        return Sender(person, mailbox.organization, is_unconfirmed=True)
    catch_all, _made = Organization.objects.get_or_create(name=UNKNOWN_SENDERS)
    return Sender(person, catch_all, is_unconfirmed=True)


def contact(address: Address) -> User:
    """Make a person who can be written to but has no password."""
    made: User = User.objects.create_user(
        address.email, (address.name or address.email)[:200], organization=_owner_of(address.email)
    )
    return made


def _owner_of(email: str) -> Organization | None:
    if email.rpartition("@")[2].lower() in PUBLIC_PROVIDERS:
        return None
    owner: Organization | None = Organization.objects.active().of_address(email).first()
    return owner


def people_of(addresses: Iterable[Address]) -> list[User]:
    """The people behind To and Cc, new ones made; at most WATCHER_LIMIT, in order."""
    wanted = {one.key: one for one in addresses}
    wanted = dict(list(wanted.items())[:WATCHER_LIMIT])
    if not wanted:
        return []
    rows = User.objects.annotate(key=Lower("email")).filter(key__in=wanted)
    found = {user.email.lower(): user for user in rows}
    return [found.get(key) or contact(address) for key, address in wanted.items()]
