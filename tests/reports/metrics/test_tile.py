"""What a tile asks."""

from reports.metrics.tile import ChartKind, Tile


def test_a_tile_is_told_by_what_it_names():
    assert Tile("t", ("received",)).dimensions == ()
    assert Tile("t", ("received",), by="team").dimensions == ("team",)
    split = Tile("t", ("received",), by="step", split="team", chart=ChartKind.STACKED)
    assert split.dimensions == ("step", "team")
