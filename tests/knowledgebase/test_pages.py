"""The answers in the browser."""

import datetime

import pytest

from knowledgebase.models import Feedback

from . import shelf


@pytest.mark.parametrize(
    ("audience", "visitor", "person", "staff"),
    [("public", 200, 200, 200), ("employees", 404, 200, 200), ("staff", 404, 404, 200)],
)
def test_an_article_exists_for_its_audience_only(client, cast, audience, visitor, person, staff):
    url = shelf.article(audience=audience).url
    statuses = [client.get(url).status_code]
    for user in (cast.ann, cast.bo):
        client.force_login(user)
        statuses.append(client.get(url).status_code)
    assert statuses == [visitor, person, staff]


def test_a_topic_without_a_readable_article_does_not_exist(client, cast):
    topic = shelf.topic("Secret works")
    shelf.article(topic=topic, audience="staff")
    assert client.get(topic.url).status_code == 404
    assert "Secret works" not in client.get("/answers/").content.decode()
    client.force_login(cast.bo)
    assert client.get(topic.url).status_code == 200


def test_related_articles_stay_within_the_audience(client, cast):
    shelf.article("For staff alone", audience="staff")
    page = client.get(shelf.article().url).content.decode()
    assert "For staff alone" not in page


def test_the_article_tells_who_checked_it(client, cast):
    today = datetime.date.today()  # noqa: DTZ011 - the article's own day
    page = client.get(shelf.article(checked_on=today, checked_by=cast.bo).url).content.decode()
    assert 'Checked by <span class="strong">Bo</span>' in page


def test_an_article_not_checked_for_a_year_says_so(client, cast):
    page = client.get(shelf.article(checked_on=datetime.date(2020, 5, 4)).url).content.decode()
    assert "Not checked since 4 May 2020" in page


def test_yes_is_counted_and_thanked(signed_in, cast):
    article = shelf.article()
    response = signed_in(cast.ann).post(
        f"/answers/{article.pk}/feedback/", {"solved": "yes"}, headers={"HX-Request": "true"}
    )
    assert "Thank you. That helps others find it." in response.content.decode()
    assert Feedback.objects.values_list("user__name", "solved").get() == ("Ann", True)


def test_a_search_that_solved_it_says_that_nothing_was_sent(signed_in, cast):
    article = shelf.article()
    response = signed_in(cast.ann).post(
        f"/answers/{article.pk}/feedback/",
        {"solved": "yes", "q": "vpn"},
        headers={"HX-Request": "true"},
    )
    assert "Good. Nothing was sent." in response.content.decode()
    assert Feedback.objects.get().query == "vpn"


def test_no_leads_to_the_report_form_with_the_article(signed_in, cast):
    article = shelf.article()
    response = signed_in(cast.ann).post(f"/answers/{article.pk}/feedback/", {"solved": "no"})
    assert response.url == f"/requests/new/?article={article.pk}&q="


def test_a_visitor_votes_once(client, cast):
    article = shelf.article()
    for _click in range(3):
        client.post(f"/answers/{article.pk}/feedback/", {"solved": "yes"})
    assert Feedback.objects.count() == 1


def test_nobody_votes_on_an_article_outside_the_audience(signed_in, cast):
    article = shelf.article(audience="staff")
    url = f"/answers/{article.pk}/feedback/"
    assert signed_in(cast.ann).post(url, {"solved": "yes"}).status_code == 404
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("articles", [1, 30])
def test_the_section_takes_the_same_queries_for_any_number_of_articles(
    signed_in, cast, articles, django_assert_num_queries
):
    for number in range(articles):
        shelf.article(f"Article {number}")
    client = signed_in(cast.ann)
    client.get("/answers/")
    with django_assert_num_queries(12):
        client.get("/answers/")
