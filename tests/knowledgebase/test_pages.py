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


def test_an_address_is_the_one_that_wagtail_gives(client, db):
    article = shelf.article()
    assert [article.address, shelf.topic().address] == [article.url, shelf.topic().url]


def test_an_article_stands_also_without_a_topic(client, db):
    section = shelf.topic().get_parent()
    loose = shelf.article("Opening hours", topic=section)
    assert loose.address == "/answers/opening-hours/"
    page = client.get(loose.address).text
    assert "Opening hours" in page
    assert client.get("/answers/").text.count('id="topic-other"') == 1


@pytest.mark.parametrize("path", ["/answers/none/", "/answers/none/none/", "/answers/a/b/c/d/"])
def test_what_is_not_there_is_absent(client, db, path):
    shelf.article()
    assert client.get(path).status_code == 404


def test_a_page_that_is_not_published_is_absent(client, db):
    article = shelf.article()
    article.unpublish()
    assert client.get(article.address).status_code == 404


@pytest.mark.parametrize("articles", [1, 35])
def test_the_pages_take_the_same_queries_for_any_number_of_articles(
    signed_in, cast, articles, django_assert_num_queries
):
    for number in range(articles):
        article = shelf.article(f"Article {number}", checked_by=cast.bo)
    client = signed_in(cast.ann)
    for page in ("/answers/", shelf.topic().address, article.address):
        with django_assert_num_queries(9):
            assert client.get(page).status_code == 200
