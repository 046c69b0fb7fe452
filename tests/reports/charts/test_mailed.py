"""The typed tables of mailed reports."""

from reports.actions.boarding import catalog
from reports.charts.lines import Reading
from reports.charts.mailed import sections
from reports.metrics.suppressing import UNTOLD
from reports.metrics.tile import ChartKind, Tile


def test_of_a_point_of_few_people_no_column_of_a_workbook_tells_anything():
    tile = Tile("csat-team", ("csat",), by="team", chart=ChartKind.BAR)
    points = [
        {
            "keys": [1],
            "names": ["Service desk"],
            "value": 0.75,
            "n": 8,
            "yes": 6,
            "low": 0,
            "high": 1,
        },
        {"keys": [2], "names": ["Network"], **UNTOLD},
    ]
    total = {"value": 0.7, "n": 10, "yes": 7, "low": 0.4, "high": 0.9}
    series = {"indicator": "csat", "told": True, "points": points, "total": total, "more": 0}
    data = {"answers": {tile.key: {"steps": [], "series": [series]}}}

    (section,) = sections([tile], data, Reading(catalog()["indicators"], step="week", query={}))

    assert section.sheet.rows == [["Service desk", 0.75, 8, 6], ["Network", None, None, None]]
