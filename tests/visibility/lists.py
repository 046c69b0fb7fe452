"""Addresses that are about no single record: lists and searches, secret keys, the own account."""

# Lists, searches, counts, files of rows: looked at by everybody, with these queries.
SEARCH = "q=umbrella"
PERIOD = "from=2026-03-01&to=2026-03-31"
LISTS: dict[str, tuple[str, ...]] = {
    "desk:queue": (
        "",
        "?view=all",
        f"?{SEARCH}",
        "?view=all&format=csv",
        "?view=all&confidential=yes",
        "?view=all&kind=incident&sort=-received",
    ),
    "desk:filter": ("",),
    "desk:time": ("", "?week=2026-W10"),
    "incidents:new": ("",),
    "incidents:people": ("?requester=do", "?requester=an"),
    "cmdb:items": ("?view=all", "?view=all&q=zqdevice", "?view=all&format=csv"),
    "cmdb:services": ("",),
    "changes:list": ("", "?view=all"),
    "changes:boards": ("",),
    "changes:templates": ("",),
    "problems:list": ("", "?view=all"),
    "problems:candidates": ("",),
    "releases:list": ("", "?view=all"),
    "releases:versions": ("",),
    "changes:calendar": ("",),
    "changes:feed": ("",),
    "changes:windows": ("",),
    "selfservice:devices": ("",),
    "cmdb:choose_class": ("",),
    "cmdb:upload": ("",),
    "cmdb:sheet": ("",),
    "tasks:inbox": ("", "?view=open", f"?view=open&{SEARCH}", "?view=all&format=csv"),
    "invoices:list": ("", "?format=csv"),
    "invoices:run": ("",),
    "invoices:this-month": ("",),
    "reports:overview": (f"?{PERIOD}",),
    "reports:levels": (f"?{PERIOD}",),
    "reports:clocks": (
        f"?{PERIOD}&kind=sla&counted=pending",
        f"?{PERIOD}&kind=sla&counted=met&format=csv",
    ),
    "reports:unmeasured": (f"?{PERIOD}", f"?{PERIOD}&format=csv"),
    "reports:csat": (f"?{PERIOD}",),
    "reports:ratings": (f"?{PERIOD}", f"?{PERIOD}&format=csv"),
    "reports:consultations": (f"?{PERIOD}&outcome=sent", f"?{PERIOD}&outcome=sent&format=csv"),
    "reports:what-if": ("",),
    "reports:status": (f"?{PERIOD}",),
    "fields:people": ("?name=who&who=do", "?name=who&who=an"),
    "fields:items": ("?name=what&what=zq",),
    "approvals:list": ("", "?show=decided"),
    "offerings:front": ("", f"?{SEARCH}"),
    "offerings:choose_person": ("",),
    "requests:cart": ("",),
    "selfservice:home": ("",),
    "selfservice:search": (f"?{SEARCH}",),
    "selfservice:suggest": tuple(f"?{SEARCH}&place={one}" for one in ("home", "search", "form")),
    "selfservice:requests": ("", "?show=all", f"?{SEARCH}"),
    "selfservice:report": (f"?{SEARCH}",),
    "people:settings": ("",),
    "people:start": ("",),
}

# Addresses by a key nobody can guess: whoever holds it is the person it was sent to (`APP-8`).
BY_SECRET_KEY = {
    "approvals:mail",
    "surveys:rate",
    "surveys:reopen",
    "changes:feed_file",
    "selfservice:item-report",
    "selfservice:me-too",
    "selfservice:report-sent",
    "selfservice:confirm-report",
}
# About records that this small world has none of; the tests of their apps say who may open them.
# By the space of their names: where those tests are, and the names.
_ELSEWHERE = {
    "changes": (
        "tests/itil/changes",
        "add_item again_template announce answer approve_template assess board call_meeting "
        "cause close_meeting confirm_items edit_template meeting minutes move new "
        "new_standard plan postpone propose remove_item retire_template retype review sheet "
        "suspend_template take_minutes template vote vote_template withdraw window new_window "
        "switch_window accept_conflict exempt ",
    ),
    "problems": (
        "tests/itil/problems",
        "analysis candidate dismiss fishbone from_incident known_error link move new "
        "open_from problem publish review solve unlink whys workaround ",
    ),
    "releases": (
        "tests/itil/releases",
        "add_change add_wave decide deployment move new release remove_change remove_wave ",
    ),
    "incidents": (
        "tests/itil/incidents",
        "accept arrange banner board demote major propose reject review update ",
    ),
    "desk": (
        "tests/itil/desk",
        "fill_in related unmerge unrelate evidence ",
    ),
    "cmdb": (
        "tests/itil/cmdb",
        "import rejects unrelate ",
    ),
    "selfservice": (
        "tests/portal/selfservice",
        "report-device ",
    ),
}
ELSEWHERE = {
    f"{space}:{name}": folder
    for space, (folder, listed) in _ELSEWHERE.items()
    for name in listed.split()
}
# The same for everybody, or nothing but the own account.
WITHOUT_RECORDS = {
    "tasks:many": "asked in test_verbs.py, with all numbers at once",
    "cmdb:make_labels": "the same",
    "selfservice:read-answer": "counts an answer that was offered to the person",
    "selfservice:end-with-answer": "the same",
    "people:name_stand_in": "names somebody for oneself",
    "desk:take_selected": "asked in test_verbs.py, with all numbers at once",
    "offerings:front_as": "asked in test_pages.py, through the eyes of everybody",
    "offerings:department_as": "the same",
    "offerings:item_as": "the same",
    "offerings:department": "asked in test_pages.py for every department",
    "knowledgebase:picture": "signed for one picture of an article",
    "knowledgebase:": "the same, with the name of the file",
    "wagtaildocs_serve": "asked in test_pages.py",
    "wagtaildocs_authenticate_with_password": "a password of an editor's page",
    "wagtailcore_authenticate_with_password": "the same",
    "wagtailcore_login": "leads to the sign-in",
    "": "the admin's own ways to the sign-in",
}
ACCOUNT = "account_"
