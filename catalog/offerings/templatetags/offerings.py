"""Addresses of the catalog: the catalog's own or, while somebody looks as another person, those of
the same pages through that person's eyes."""

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def front_link(context) -> str:
    """The front of the catalog."""
    person = context.get("seen_as")
    return (
        reverse("offerings:front_as", args=[person.uuid]) if person else reverse("offerings:front")
    )


@register.simple_tag(takes_context=True)
def department_link(context, department) -> str:
    person = context.get("seen_as")
    if not person:
        return department.address
    return reverse("offerings:department_as", args=[person.uuid, department.slug])


@register.simple_tag(takes_context=True)
def item_link(context, item) -> str:
    person = context.get("seen_as")
    if not person:
        return item.address
    *_start, department, slug, _end = item.url_path.split("/")
    return reverse("offerings:item_as", args=[person.uuid, department, slug])
