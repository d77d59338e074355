"""From which zoom vertices are drawn: no line leaves its course by what is seen, and no more than needed is drawn."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.coordinates.mercator import WORLD_UNITS, Integers
from geo.pack import generalise
from geo.pack.generalise import NEVER, OFF_PX, TILE_PX, minimum_zooms

UNITS_PER_PX = WORLD_UNITS / TILE_PX
"""At zoom 0."""


def zooms_of(*parts: list[tuple[int, int]], is_ring: bool = False) -> list[int]:
    x, y = np.array([vertex for part in parts for vertex in part], dtype=np.int64).T
    return list(map(int, minimum_zooms(x, y, np.array(list(map(len, parts))), np.full(len(parts), is_ring))))


def wandering(count: int, seed: int) -> tuple[Integers, Integers]:
    steps = np.random.default_rng(seed).normal(0, 3000, (count, 2))
    x, y = (np.cumsum(steps, axis=0) + WORLD_UNITS // 2).astype(np.int64).T
    return x, y


@pytest.mark.parametrize("is_ring", [False, True])
@pytest.mark.parametrize("zoom", [3, 6, 9, 12])
def test_at_every_zoom_the_line_stays_on_its_course(zoom: int, is_ring: bool) -> None:
    x, y = wandering(3000, seed=zoom)
    zooms = minimum_zooms(x, y, np.array([len(x)]), np.array([is_ring]))
    drawn = shapely.linestrings(np.stack([x, y], axis=1)[zooms <= zoom])
    whole = shapely.points(x, y)
    if is_ring:
        drawn = shapely.linearrings(shapely.get_coordinates(drawn))
    off_px = shapely.distance(whole, drawn) / UNITS_PER_PX * 2**zoom
    assert off_px.max() < 3 * OFF_PX  # what is off by one vertex may be off by the next too
    assert np.mean(off_px < OFF_PX) > 0.95


def test_fewer_vertices_are_drawn_the_farther_away() -> None:
    x, y = wandering(3000, seed=1)
    zooms = minimum_zooms(x, y, np.array([len(x)]), np.array([False]))
    drawn = [int((zooms <= zoom).sum()) for zoom in (2, 4, 6, 8, 10, 12)]
    assert drawn == sorted(drawn)
    assert drawn[0] < 30 < 2500 < drawn[-1]


def test_ends_are_always_drawn_and_what_lies_on_a_straight_line_never() -> None:
    assert zooms_of([(0, 0), (1000, 1000), (2000, 2000), (3000, 3000)]) == [0, NEVER, NEVER, 0]
    assert zooms_of([(0, 0), (9, 9)], [(5, 5)]) == [0, 0, 0]


def test_a_line_that_runs_out_and_back_is_drawn_to_its_turn() -> None:
    far = int(10 * UNITS_PER_PX)
    assert zooms_of([(0, 0), (far, 0), (0, 0)])[1] == 0
    assert zooms_of([(0, 0), (far // 2**6, 0), (0, 0)])[1] == 2  # 0.6 px long at zoom 2


def test_a_small_ring_keeps_its_length_and_a_large_one_its_shape() -> None:
    corners = [(0, 0), (100, 0), (100, 60), (0, 60)]
    assert zooms_of(corners, is_ring=True)[::2] == [0, 0]
    assert max(zooms_of([(x * 10**5, y * 10**5) for x, y in corners], is_ring=True)) == 0


def test_neighbours_lose_the_same_vertices_of_their_border() -> None:
    x, y = wandering(2000, seed=4)
    one = minimum_zooms(x, y, np.array([len(x)]), np.array([False]))
    other = minimum_zooms(x[::-1], y[::-1], np.array([len(x)]), np.array([False]))
    assert one.tolist() == other[::-1].tolist()


def test_many_vertices_at_one_place_are_thinned_in_a_few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    measure, rounds = generalise._squared_distance, list[int]()

    def counted(*given: Integers) -> NDArray[np.float64]:
        rounds.append(len(given[0]))
        return measure(*given)

    monkeypatch.setattr(generalise, "_squared_distance", counted)
    still = np.full(20_000, 77, dtype=np.int64)
    assert set(minimum_zooms(still, still, np.array([len(still)]), np.array([False]))) == {0, NEVER}
    turn = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    x, y = (np.round(2**27 + 2**25 * wave(turn)).astype(np.int64) for wave in (np.cos, np.sin))
    minimum_zooms(x, y, np.array([len(turn)]), np.array([True]))
    assert len(rounds) < 200


def test_pieces_are_joined_as_if_there_were_none(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = wandering(5000, seed=5)
    counts = np.full(50, 100)
    whole = minimum_zooms(x, y, counts, np.arange(50) % 2 == 0)
    monkeypatch.setattr(generalise, "PIECE", 256)
    assert minimum_zooms(x, y, counts, np.arange(50) % 2 == 0).tolist() == whole.tolist()
    assert minimum_zooms(x[:0], y[:0], counts[:0], np.zeros(0, dtype=np.bool_)).tolist() == []
