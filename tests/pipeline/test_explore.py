"""What notebooks count: by time, place, person and amount; and pictures of it."""

import json
import re

import pandas as pd
import pytest

from pipeline.case import open_case
from pipeline.errors import ConfigError
from pipeline.explore import amounts, network, pictures, places, times
from pipeline.report.drawing import linkchart
from pipeline.wilson import wilson

pytestmark = pytest.mark.usefixtures("draws")

ZONE = "America/Chicago"


def frame(rows, **columns):
    table = pd.DataFrame(rows, columns=["at", "author_name", "citation"])
    at = pd.DatetimeIndex(pd.to_datetime(table["at"], utc=True)).tz_convert(ZONE)
    return table.assign(at=at, **columns)


@pytest.fixture(scope="module")
def case(sample_case):
    return open_case(sample_case)


def test_weeks_begin_on_the_local_monday():
    rows = [
        ("2024-03-04T05:59:59Z", "a", "FB-1 p. 1 l. 1"),  # Sunday night in Chicago
        ("2024-03-04T06:00:00Z", "a", "FB-1 p. 1 l. 2"),
        ("2024-03-05T06:00:00Z", "b", "FB-1 p. 1 l. 3"),
        (None, "b", "FB-1 p. 1 l. 4"),
    ]
    counted = times.timeline(frame(rows), "author_name")
    assert [(str(b.date()), a, n) for b, a, n in zip(*(counted[c] for c in counted.columns[:3]), strict=True)] == [
        ("2024-02-26", "a", 1), ("2024-03-04", "a", 1), ("2024-03-04", "b", 1),
    ]  # fmt: skip


def test_the_hour_grid_is_whole_and_local():
    rows = [
        ("2024-03-10T08:30:00Z", "a", "x"),
        ("2024-03-10T09:30:00Z", "a", "x"),
    ]  # 2 am is left out that day
    grid = times.hours(frame(rows))
    assert len(grid) == 168 and grid["count"].sum() == 2
    held = grid[grid["count"] > 0]
    assert list(zip(held["day"], held["hour"], strict=True)) == [("Sun", 3), ("Sun", 4)]
    assert times.hours(frame([]))["count"].sum() == 0


def test_citations_beside_a_count():
    assert times.cited(pd.Series(["a", "b"])) == "a; b"
    assert times.cited(pd.Series(["a", "b", "c", "d", "e"])) == "a; b; c; 2 more"


def test_places_by_city_keep_no_finer_point():
    rows = [
        ("city", "Fridley", "Fridley", "MN", 45.0861, -93.2633),
        ("address", "12 Main St", "Fridley", "MN", 45.0861, -93.2633),
        ("coordinate", None, None, None, 45.08611, -93.26333),
        ("venue", "Alder Court Inn", None, None, None, None),
    ]
    table = pd.DataFrame(
        rows, columns=["place_kind", "place_name", "city", "state", "latitude", "longitude"]
    )
    table = table.assign(
        mention_id=range(4), record_id=range(4), citation="x", at=pd.Timestamp(0, tz=ZONE)
    )
    counted = places.by_city(table)
    assert dict(zip(counted["place"], counted["count"], strict=True)) == {
        "Fridley, MN": 2, "45.1, -93.3": 1, "Alder Court Inn": 1,
    }  # fmt: skip
    assert set(counted["latitude"].dropna()) == {45.1}


def test_movements_name_each_run_of_a_place_once():
    rows = [
        ("2024-03-05T18:00:00Z", "a", "Fridley", "c1"), ("2024-03-05T19:00:00Z", "a", "Fridley", "c2"),
        ("2024-03-06T18:00:00Z", "a", "Winona", "c3"), ("2024-03-07T18:00:00Z", "a", "Fridley", "c4"),
        ("2024-03-05T18:30:00Z", "b", "Fridley", "c5"), (None, "a", "Duluth", "c6"),
        ("2024-03-08T18:00:00Z", "a", None, "c7"), ("2024-03-08T18:00:00Z", None, "Winona", "c8"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["at", "author_name", "city", "citation"]).assign(state="MN")
    at = pd.DatetimeIndex(pd.to_datetime(table["at"], utc=True)).tz_convert(ZONE)
    found = places.movements(table.assign(at=at, mention_id=range(len(rows))))
    assert [(r.author_name, r.place, r.count_, r.citations) for r in
            found.rename(columns={"count": "count_"}).itertuples()] == [
        ("(not stated)", "Winona, MN", 1, "c8"),
        ("a", "Fridley, MN", 2, "c1; c2"), ("a", "Winona, MN", 1, "c3"), ("a", "Fridley, MN", 1, "c4"),
        ("b", "Fridley, MN", 1, "c5"),
    ]  # fmt: skip


def test_amounts_part_what_is_ambiguous():
    rows = [(100, 100, "USD"), (50, 80, "USD"), (20, 20, None), (None, None, "USD")]
    table = pd.DataFrame(rows, columns=["amount_low", "amount_high", "currency"])
    table = table.assign(mention_id=range(4), citation="x", at=pd.Timestamp("2024-03-05", tz=ZONE))
    weeks = amounts.by_week(table)
    assert {(r.currency, r.reading, float(r.amount)) for r in weeks.itertuples()} == {
        ("USD", "stated", 100.0), ("USD", "ambiguous", 50.0), ("not stated", "ambiguous", 20.0),
    }  # fmt: skip


def test_interval_of_a_share(case):
    assert (
        case.interval(45, 50)
        == wilson(45, 50)
        == (pytest.approx(0.786, abs=1e-3), pytest.approx(0.957, abs=1e-3))
    )
    assert case.interval(0, 0) == (0.0, 1.0)


def test_a_sample_is_the_same_for_the_same_seed(case):
    one, two = case.sample("alias", 10, 3), case.sample("alias", 10, 3)
    assert one["mention_id"].tolist() == two["mention_id"].tolist() and len(one) == 10
    assert one["mention_id"].tolist() != case.sample("alias", 10, 4)["mention_id"].tolist()
    assert one["right"].isna().all()


def test_records_leave_repeats_out(case):
    every = case.table("records", ["record_id", "duplicate_of"])
    kept = case.records()
    assert set(kept["record_id"]) == set(every.loc[every["duplicate_of"].isna(), "record_id"])
    assert kept["at"].dropna().iloc[0].tzinfo is not None
    assert set(case.found("phones")["record_id"]) <= set(kept["record_id"])


def test_a_network_fits_on_a_page_and_stands_still(case):
    one, two = network.network(case), network.network(case)
    pd.testing.assert_frame_equal(one.nodes, two.nodes)
    assert 0 < len(one.nodes) <= network.NODES and 0 < len(one.edges) <= network.EDGES
    ids = set(one.nodes["entity_id"])
    assert set(one.edges["entity_a"]) | set(one.edges["entity_b"]) <= ids
    services = case.table("entities")
    assert not ids & set(services.loc[services["service_category"].notna(), "entity_id"])
    assert one.edges["record_count"].is_monotonic_decreasing


def test_a_network_around_one_value(case):
    label = network.network(case).nodes["label"].iloc[0]
    found = network.network(case, around=label)
    mine = set(found.nodes.loc[found.nodes["label"] == label, "entity_id"])
    assert mine
    with pytest.raises(ConfigError):
        network.network(case, around="nothing of that name")
    with pytest.raises(ConfigError):
        network.network(case, ["person"])


@pytest.mark.parametrize("name", ["timeline", "hours", "network", "map", "money"])
def test_pictures_say_what_they_are_and_need_no_network(case, name):
    view = getattr(case, name)()
    assert len(view.table)
    described = json.loads(view.picture.to_json())
    assert described["description"].endswith(pictures.ILLUSTRATION)
    assert described["title"]["subtitle"] == pictures.ILLUSTRATION
    assert view.svg().startswith("<svg") and "aria-" in view.svg()
    if name == "hours":
        page = view.page()
        assert 'src="http' not in page and "cdn.jsdelivr" not in page


def test_ambiguous_amounts_are_hatched_in_print_and_on_the_page():
    rows = [(100, 100, "USD"), (50, 80, "USD")]
    table = pd.DataFrame(rows, columns=["amount_low", "amount_high", "currency"])
    table = table.assign(mention_id=range(2), citation="x", at=pd.Timestamp("2024-03-05", tz=ZONE))
    picture = pictures.amounts_picture(amounts.by_week(table))
    svg, page = pictures.drawn(picture), pictures.page(picture)
    name = re.search(r'<pattern id="([^"]+)"', svg).group(1)
    assert svg.count(f'fill="url(#{name})"') == 2  # the bar and the legend
    body = page.rpartition("<body>")[2]  # the scripts speak of a body too
    assert body.startswith("<svg") and 'id="hatch"' in body


def test_a_map_shows_what_stands_near_and_says_what_does_not():
    rows = [("Fridley, MN", 45.1, -93.3, 4), ("Paris", 48.9, 2.4, 1), ("Here", None, None, 2)]
    cities = pd.DataFrame(rows, columns=["place", "latitude", "longitude", "count"])
    cities = cities.assign(
        records=cities["count"], first=None, last=None, citations="c1", is_point=False
    )
    picture = pictures.map_picture(cities)
    values = picture.to_dict()["layer"][1]["data"]["values"]
    assert [(row["place"], row["count"], row["citations"]) for row in values] == [
        ("Fridley, MN", 4, "c1")
    ]
    assert picture.to_dict()["title"]["text"].endswith("3 mentions are not on the map")


def test_links_stand_where_the_report_puts_them(case):
    nodes = network.network(case).nodes
    assert nodes["x"].between(0, linkchart.WIDTH).all()
    assert nodes["y"].between(0, linkchart.HEIGHT).all()
    assert len(set(zip(nodes["x"], nodes["y"], strict=True))) == len(nodes)
    assert set(network.KINDS) == set(pictures.SHAPES)


def test_what_a_notebook_asks(case):
    assert {"records", "mentions", "entities"} <= set(case.tables())
    assert case.sql("SELECT count(*) AS n FROM records")["n"][0] == len(
        case.table("records", ["kind"])
    )
    assert {"author_name", "place", "citations"} <= set(case.movements().columns)
    hits = case.search("the", limit=5)
    assert list(hits.columns)[:2] == ["citation", "sent_at"] and len(hits) <= 5
    assert hits["citation"][0] in case.show(hits["citation"][0])


def test_an_empty_case_has_pictures_too(case):
    empty = case.records().iloc[:0]
    assert pictures.drawn(pictures.hours_picture(times.hours(empty), ZONE)).startswith("<svg")
    assert pictures.drawn(pictures.timeline_picture(times.timeline(empty))).startswith("<svg")
    none = places.by_city(case.found("locations").iloc[:0])
    assert pictures.drawn(pictures.map_picture(none)).startswith("<svg")
    weeks = amounts.by_week(case.found("money").iloc[:0])
    assert pictures.drawn(pictures.amounts_picture(weeks)).startswith("<svg")
