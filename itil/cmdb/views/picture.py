"""What depends on an item, and what it needs: as a picture and as lists."""

from django.views.generic.base import ContextMixin

from itil.cmdb.charts import draw
from itil.cmdb.impact import Impact, relations_among, what_fails, what_it_needs
from portal.ui.pages import DetailPage

from .item import ItemRecord

DEPTHS = (1, 2, 3, 4, 6)
DEFAULT_DEPTH = 3
# A table of more rows is read by nobody; the numbers above it count all.
MOST_ROWS = 300


class _Found(ItemRecord, ContextMixin):
    """What the page is about: the direction of `?way=`, at the end of the day `?on=`."""

    @property
    def way(self) -> str:
        return "needs" if self.request.GET.get("way") == "needs" else "fails"

    def find(self) -> Impact:
        ask = what_it_needs if self.way == "needs" else what_fails
        return ask(self.record, self.asked_at)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            item=self.record,
            way=self.way,
            asked_on=self.asked_day if self.asked_at else None,
            **kwargs,
        )


class Map(_Found, DetailPage):
    """The picture; its list below says the same."""

    template_name = "itil/cmdb/map.html"

    @property
    def depth(self) -> int:
        asked = self.request.GET.get("depth", "")
        return int(asked) if asked in map(str, DEPTHS) else DEFAULT_DEPTH

    def get_context_data(self, **kwargs):
        impact = self.find()
        near = [hit for hit in (*impact.items, *impact.spared) if hit.level <= self.depth]
        edges = relations_among([self.record.pk, *(hit.pk for hit in near[:200])], self.asked_at)
        return super().get_context_data(
            impact=impact,
            picture=draw(impact, edges, depth=self.depth),
            depth=self.depth,
            depths=DEPTHS,
            rows=sorted(near, key=lambda hit: (hit.level, hit.name))[:MOST_ROWS],
            services=[hit for hit in impact.services if hit.level <= self.depth + 1],
            names=impact.names,
            deeper=sum(hit.level > self.depth for hit in impact.items),
            **kwargs,
        )


class ImpactPage(_Found, DetailPage):
    """Everything that fails with the item, in order, with the reason for each."""

    template_name = "itil/cmdb/impact.html"

    def get_context_data(self, **kwargs):
        impact = self.find()
        return super().get_context_data(
            impact=impact,
            rows=impact.items[:MOST_ROWS],
            names=impact.names,
            left_out=max(0, len(impact.items) - MOST_ROWS),
            **kwargs,
        )
