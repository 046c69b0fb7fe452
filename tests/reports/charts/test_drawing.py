"""Charts of printed reports: what is written on their axes, and that all of it is there."""

import re

from portal.paper.languages import printed_in
from reports.charts import figures
from reports.charts.drawing import LINE_HEIGHT, svg_of, wide

TEXT = re.compile(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)</text>')


def drawn(names, values, unit="", language="en-gb", label="Share"):
    series = [(label, values, "@c1", "solid")]
    figure = figures.lines([figures.short(name) for name in names], series, unit=unit)
    with printed_in(language):
        svg = svg_of(figure, title="T", description="D")
    height = float(re.search(r'viewBox="0 0 640 ([\d.]+)"', svg)[1])
    return height, [(float(x), float(y), side, text) for x, y, side, text in TEXT.findall(svg)]


def test_marks_of_an_axis_are_written_as_the_language_does_and_lie_inside():
    names, values = ["1 Mar", "8 Mar"], [2_500_000, 9_000_000]
    _height, texts = drawn(names, values, unit="h", language="de")
    marks = [(x, text) for x, _y, side, text in texts if side == "end"]
    assert "5.000.000 h" in [text for _x, text in marks]
    assert all(x - wide(text) >= 0 for x, text in marks)


def test_names_that_do_not_fit_beside_each_other_are_written_in_short_lines():
    names = [f"{day}. Mar teilweise" for day in range(10, 16)]
    height, texts = drawn(names, [1, 2, 3, 4, 5, 6])
    below = [(y, text) for _x, y, side, text in texts if side == "middle"]
    assert [text for _y, text in below if "Mar" in text] == [f"{day}. Mar" for day in range(10, 16)]
    assert max(y for y, _text in below) < height
    few, _texts = drawn(names[:2], [1, 2])
    assert height == few + LINE_HEIGHT


def test_the_name_of_a_single_series_is_not_cut():
    _height, texts = drawn(["1 Mar", "8 Mar"], [1, 2], label="Aandeel zelf ingediende tickets")
    said = " ".join(text for _x, _y, _side, text in reversed(texts) if text[:1].isalpha())
    assert "Aandeel zelf ingediende tickets" in said
