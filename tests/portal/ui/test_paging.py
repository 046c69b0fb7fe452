import pytest

from portal.people.models import MailDomain, Organization
from portal.ui.paging import COUNTED_AT_MOST, CappedPaginator


@pytest.fixture
def domains(db):
    """A function that leaves `count` mail domains and returns the queryset of them."""

    def make(count):
        organization = Organization.objects.create(name="Acme")
        MailDomain.objects.bulk_create(
            MailDomain(organization=organization, domain=f"d{n}.example") for n in range(count)
        )
        return MailDomain.objects.all()

    return make


def test_a_short_list_is_counted_exactly(domains):
    paginator = CappedPaginator(domains(51))
    assert (paginator.count, paginator.count_text, paginator.num_pages) == (51, "51", 2)
    assert paginator.is_capped is False


def test_a_list_as_long_as_the_cap_is_still_exact(domains):
    paginator = CappedPaginator(domains(COUNTED_AT_MOST))
    assert (paginator.count_text, paginator.is_capped) == ("2,000", False)


def test_a_longer_list_is_not_counted_on(domains):
    paginator = CappedPaginator(domains(COUNTED_AT_MOST + 5))
    assert (paginator.count, paginator.count_text, paginator.num_pages) == (2000, "2,000+", 40)
    assert paginator.is_capped is True


def test_counting_and_a_page_cost_one_query_each(domains, django_assert_num_queries):
    rows = domains(120)
    with django_assert_num_queries(2):
        page = CappedPaginator(rows).get_page(2)
        assert len(list(page)) == 50


def test_the_count_reads_no_more_than_one_row_beyond_the_cap(domains, django_assert_num_queries):
    rows = domains(3)
    with django_assert_num_queries(1) as captured:
        assert CappedPaginator(rows).count == 3
    assert f"LIMIT {COUNTED_AT_MOST + 1}" in captured.captured_queries[0]["sql"]


@pytest.mark.parametrize(("asked", "number"), [("0", 2), ("99", 2), ("x", 1), (None, 1)])
def test_a_page_that_is_not_there_gives_one_that_is(domains, asked, number):
    assert CappedPaginator(domains(60)).get_page(asked).number == number


def test_a_plain_list_is_paged_too():
    assert CappedPaginator([1, 2, 3], 2).get_page(2).object_list == [3]


def test_a_number_that_is_known_is_not_counted_again(domains, django_assert_num_queries):
    rows = domains(7)
    with django_assert_num_queries(1):
        page = CappedPaginator(rows, 5, counted=7).get_page(2)
        assert (len(page.object_list), page.paginator.count_text) == (2, "7")


def test_also_a_known_number_beyond_the_cap_offers_no_further_page(domains):
    pages = CappedPaginator(domains(7), 5, counted=COUNTED_AT_MOST + 1)
    assert (pages.count, pages.is_capped) == (COUNTED_AT_MOST, True)
