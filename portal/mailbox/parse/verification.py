"""Who vouches for the sender: the verdict of our own mail server, and nobody else's (`MAI-5`)."""

import re

from .headers import Headers

_DMARC = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def dmarc_passed(headers: Headers, *, server_id: str, sender: str) -> bool:
    """True when our server `server_id` found the From address to be genuine.

    Only the topmost field of our server counts: it was added last, the ones below it may have been
    written by the sender. Without a server id nobody is believed.
    """
    if not server_id:
        return False
    for value in headers.all("Authentication-Results"):
        value = _COMMENT.sub(" ", value)
        name, _, results = value.partition(";")
        if name.split()[:1] != [server_id]:
            continue
        verdict = _DMARC.search(results)
        if not verdict or verdict[1].lower() != "pass":
            return False
        domain = _HEADER_FROM.search(results)
        # The verdict is about one domain: the one we take the sender to be from.
        return not domain or domain[1].lower().rpartition("@")[2] == sender.rpartition("@")[2]
    return False
