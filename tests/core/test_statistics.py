"""Variants and throughput are counted as the published figures of real logs were."""

from collections import Counter
from datetime import timedelta
from statistics import fmean, pstdev, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.exchange.statistics import throughput, top_variant, variants

DURATIONS = st.lists(st.timedeltas(timedelta(), timedelta(days=4_000)), min_size=1, max_size=40)


def test_the_help_desk_log_has_the_expected_throughput(helpdesk, facts):
    _, cases = helpdesk
    expected = facts["helpdesk_it.csv"]["computed"]["throughput_days"]

    figures = throughput(case.duration for case in cases)

    assert {name: getattr(figures, name) for name in expected} == expected


def test_the_help_desk_log_has_the_expected_variants(helpdesk, facts):
    _, cases = helpdesk
    expected = facts["helpdesk_it.csv"]

    counted = variants(case.path for case in cases)

    top = expected["computed"]["top_variant"]
    assert len(counted) == expected["published"]["variants"]
    assert top_variant(counted) == (tuple(top["path"]), top["cases"])


def test_the_incident_log_has_the_published_durations_and_variants(incidents, facts):
    _, cases = incidents
    published, computed = (
        facts["BPIC13_incidents.xes.gz"][key] for key in ("published", "computed")
    )

    seconds = [case.duration.total_seconds() for case in cases]
    sizes = [len(case.events) for case in cases]
    figures = throughput(case.duration for case in cases)
    by_name = Counter(
        tuple(activity.split(" + ")[0] for activity in case.path) for case in cases
    )

    assert figures.total_seconds == published["duration_total_s"]
    assert figures.median == computed["throughput_days_median"]
    assert max(seconds) == published["duration_max_s"]
    assert round(fmean(seconds), 2) == published["duration_avg_s"]
    assert published["duration_sd_s"] in (round(stdev(seconds), 3), round(pstdev(seconds), 3))
    assert round(fmean(sizes), 3) == published["events_avg"]
    assert published["events_sd"] in (round(stdev(sizes), 3), round(pstdev(sizes), 3))
    assert len(variants(case.path for case in cases)) == computed["variants_name_lifecycle"]
    assert len(by_name) == computed["variants_name"]


def test_quantiles_lie_between_neighbours_in_proportion():
    days = [timedelta(days=day) for day in (1, 2, 3, 10)]

    figures = throughput(days)

    assert (figures.median, figures.p90, figures.mean, figures.max) == (2.5, 7.9, 4.0, 10.0)
    assert figures.total_seconds == 16 * 86_400


@given(DURATIONS)
def test_figures_do_not_depend_on_the_order_of_cases(durations):
    assert throughput(durations) == throughput(reversed(durations))


@given(DURATIONS)
def test_median_p90_and_maximum_never_fall(durations):
    figures = throughput(durations)

    assert figures.median <= figures.p90 <= figures.max


def test_no_cases_have_no_throughput_and_no_top_variant():
    assert throughput([]) is None
    assert top_variant(variants([])) is None


@pytest.mark.parametrize("order", [1, -1])
def test_of_equally_frequent_variants_the_alphabetically_first_is_the_top(order):
    paths = [("b", "a"), ("a", "b")][::order]

    assert top_variant(variants(paths)) == (("a", "b"), 1)
