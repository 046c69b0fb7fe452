"""Charts of printed reports: what is written on their axes, and that all of it is there."""

import re

import pytest

from portal.paper.languages import printed_in
from reports.charts import figures
from reports.charts.drawing import AXIS, BOTTOM, HEIGHT, LINE_HEIGHT, WIDTH, svg_of, wide

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


def test_long_names_of_series_that_end_alike_stand_below_each_other_inside_the_picture():
    ends = [
        ("Time to delivery of requests in working time", [6, 6], "@c1", "solid"),
        ("Time to delivery, from receipt", [6, 6], "@c2", "solid"),
    ]
    figure = figures.lines(["W1", "W2"], ends, unit="h")
    lower, upper = figure["layout"]["annotations"]
    # In units of the axis, which grows until both have their room.
    line = (upper["y"] + 0.09 * upper["y"]) * figures.LABEL_HEIGHT
    lines = [1 + note["text"].count("<br>") for note in (lower, upper)]
    assert upper["y"] - lower["y"] >= line * sum(lines) / 2
    heights = [
        float(y)
        for _x, y, _side, text in TEXT.findall(svg(figure))
        if text[:1].isalpha() and text not in ("W1", "W2")
    ]
    assert len(heights) == sum(lines)
    assert all(0 < y < HEIGHT - BOTTOM for y in heights)
    assert len({*heights}) == len(heights)


@pytest.mark.parametrize(("values", "marks"), [([0, 1], ["0", "1"]), ([2, 3], list("0123"))])
def test_there_is_no_half_of_a_ticket_on_an_axis(values, marks):
    _height, texts = drawn(["W1", "W2"], values)
    assert sorted(text for _x, _y, side, text in texts if side == "end") == marks


# Net promoter scores of three weeks, from −100 to 100.
BELOW, MIXED = [-40, -20, -10], [-40, 20, 10]
WEEKS = ["W1", "W2", "W3"]
RECT = re.compile(r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"')
AXIS_AT = re.compile(rf'<line x1="([\d.]+)" y1="([\d.]+)" [^>]*stroke="{AXIS}"')


def svg(figure):
    with printed_in("en-gb"):
        return svg_of(figure, title="T", description="D")


def rects(drawing):
    return [tuple(float(part) for part in found) for found in RECT.findall(drawing)]


def scores(values):
    return figures.lines(WEEKS, [("Score", values, "@c1", "solid")], unit="")


def columns(*series, is_stacked=False):
    told = [(f"Desk {number}", values, "@c1") for number, values in enumerate(series)]
    links = [[None] * 3 for _one in series]
    return figures.columns(WEEKS, told, links=links, unit="", is_stacked=is_stacked)


def lying(values):
    texts = [str(value) for value in values]
    return figures.lying_bars(WEEKS, [("Score", values, "@c1")], texts=texts, links=[None] * 3)


@pytest.mark.parametrize("values", [BELOW, MIXED])
def test_a_line_below_zero_stays_inside_and_goes_along_the_marks_of_its_axis(values):
    drawing = svg(scores(values))
    marks = {text: float(y) for _x, y, side, text in TEXT.findall(drawing) if side == "end"}
    heights = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([-\d.]+)"', drawing)]
    zero = float(AXIS_AT.search(drawing)[2])
    unit = (marks["-20"] - marks["0"]) / 20
    assert heights == pytest.approx([zero - value * unit for value in values], abs=0.1)
    assert all(0 < y < HEIGHT - BOTTOM + 1 for y in heights)


@pytest.mark.parametrize("values", [BELOW, MIXED])
def test_columns_below_zero_hang_from_the_axis(values):
    drawing = svg(columns(values))
    axis = float(AXIS_AT.search(drawing)[2])
    found = rects(drawing)
    unit = found[0][3] / 40
    assert unit > 1
    assert [height for _x, _y, _width, height in found] == pytest.approx(
        [abs(value) * unit for value in values], abs=0.1
    )
    for (_x, y, _width, height), value in zip(found, values, strict=True):
        assert (y if value < 0 else y + height) == pytest.approx(axis, abs=0.1)
        assert 0 < y < y + height <= HEIGHT - BOTTOM + 0.1


def test_columns_below_zero_upon_each_other_go_down():
    drawing = svg(columns(BELOW, BELOW, is_stacked=True))
    axis = float(AXIS_AT.search(drawing)[2])
    (_x, y, _width, height), (_x2, below, _width2, _height2) = rects(drawing)[:2]
    assert y == pytest.approx(axis, abs=0.1)
    assert below == pytest.approx(y + height + 0.8, abs=0.1)
    assert max(y + height for _x, y, _width, height in rects(drawing)) <= HEIGHT - BOTTOM


@pytest.mark.parametrize("values", [BELOW, MIXED])
def test_lying_bars_below_zero_go_to_the_left_of_the_axis_with_their_values_beside(values):
    drawing = svg(lying(values))
    axis = float(AXIS_AT.search(drawing)[1])
    texts = {text: (float(x), side) for x, _y, side, text in TEXT.findall(drawing)}
    names = max(x for x, side in (texts[week] for week in WEEKS))
    for (x, _y, width, _height), value in zip(rects(drawing), values, strict=True):
        end, side = texts[str(value)]
        assert (x + width if value < 0 else x) == pytest.approx(axis, abs=0.1)
        assert (end < x, side) == (True, "end") if value < 0 else (end > x + width, "start")
        assert names < (end - wide(str(value)) if value < 0 else end + wide(str(value))) < WIDTH


@pytest.mark.parametrize("figure", [scores(BELOW), columns(BELOW)])
def test_the_name_of_a_series_below_zero_stands_at_its_last_value_and_a_line_marks_zero(figure):
    assert [note["y"] for note in figure["layout"]["annotations"]] == [-10]
    assert figure["layout"]["yaxis"]["zeroline"] is True
    # Above it there is room for its number.
    assert figure["layout"]["yaxis"]["autorangeoptions"]["include"] == pytest.approx(3.6)


def test_names_of_series_below_zero_are_pushed_apart_on_the_whole_axis():
    series = [("A", [-40, -39], "@c1", "solid"), ("B", [60, -40], "@c2", "solid")]
    figure = figures.lines(["W1", "W2"], series, unit="")
    lower, upper = (note["y"] for note in figure["layout"]["annotations"])
    assert (lower, upper) == pytest.approx((-35.5, -26.5))


@pytest.mark.parametrize("figure", [scores([40, 20, 10]), columns([40, 20, 10])])
def test_a_figure_without_values_below_zero_has_no_line_at_zero(figure):
    assert figure["layout"]["yaxis"]["zeroline"] is False


@pytest.mark.parametrize(("values", "end"), [(BELOW, 0), (MIXED, 20)])
def test_on_screen_lying_bars_below_zero_have_room_for_their_values_at_the_left(values, end):
    axis = lying(values)["layout"]["xaxis"]
    assert axis["range"] == pytest.approx([-40 - 0.15 * (end + 40), end])
    assert axis["zeroline"] is True
