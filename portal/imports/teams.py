"""Teams that a source names."""

from django.utils.text import slugify

from portal.people.models import Team


def find_or_make_teams(names: set[str]) -> tuple[dict[str, int], int]:
    """The keys of the teams with these names, and how many of them are new."""
    known = dict(Team.objects.filter(name__in=names).values_list("name", "pk"))
    slugs = set(Team.objects.values_list("slug", flat=True))
    count = 0
    for name in sorted(names - set(known)):
        slug = base = slugify(name) or "team"
        number = 2
        while slug in slugs:
            slug, number = f"{base}-{number}", number + 1
        slugs.add(slug)
        known[name] = Team.objects.create(name=name, slug=slug).pk
        count += 1
    return known, count
