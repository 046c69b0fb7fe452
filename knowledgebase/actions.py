"""What readers do with answers, and what makes the section exist."""

from django.db import transaction
from wagtail.models import Page

from portal.people.models import User

from .models import AnswersPage, ArticlePage, Feedback


@transaction.atomic
def give_feedback(
    article: ArticlePage, *, by: User | None, solved: bool, query: str = ""
) -> Feedback:
    """Count that `article` did or did not solve the problem; `by` None is a visitor.

    A signed-in person has one vote per article: voting again changes it.
    """
    values = {"solved": solved, "query": query[:200]}
    if by is None:
        return Feedback.objects.create(article=article, **values)
    feedback, _created = Feedback.objects.update_or_create(
        article=article, user=by, defaults=values
    )
    return feedback


def ensure_answers(parent: Page) -> AnswersPage:
    """The section `/answers/` under `parent`, made when it is not there yet."""
    answers: AnswersPage | None = AnswersPage.objects.first()
    if answers is None:
        answers = AnswersPage(title="Answers", slug="answers")
        parent.add_child(instance=answers)
    return answers
