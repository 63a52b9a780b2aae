"""The start order that is proposed: the one that finds the smallest changes, over all metrics."""

from pipelines.planning.proposed import Ranked, proposed


def rows(*sizes: float | None, months: tuple[int, ...] = (12, 12, 12)) -> list[Ranked]:
    return [
        Ranked(number, 24, size, None if size is None else months[number - 1])
        for number, size in enumerate(sizes, 1)
    ]


def test_the_order_that_finds_smallest_changes_over_the_metrics_is_proposed() -> None:
    assert proposed([rows(2.0, 1.0, 1.5), rows(30.0, 26.0, 20.0)]) == 2
    # in which unit a metric is measured counts for nothing
    assert proposed([rows(2.0, 1.0, 1.5), rows(0.30, 0.26, 0.20)]) == 2


def test_an_order_that_finds_nothing_of_a_metric_pays_for_it() -> None:
    assert proposed([rows(1.0, 1.1), rows(None, 5.0)]) == 2
    assert proposed([rows(None, None), rows(None, None)]) is None
    assert proposed([]) is None
    # what no order finds decides nothing
    assert proposed([rows(None, None), rows(1.0, 2.0)]) == 1


def test_of_orders_that_find_as_much_the_first_verdict_decides_then_the_first_order() -> None:
    assert proposed([rows(1.0, 1.0, months=(24, 12))]) == 2
    assert proposed([rows(1.0, 1.0)]) == 1


def test_every_window_is_a_question_of_its_own() -> None:
    both = [Ranked(1, 12, 1.0, 12), Ranked(1, 24, None, None),
            Ranked(2, 12, 1.2, 12), Ranked(2, 24, 0.9, 24)]  # fmt: skip
    assert proposed([both]) == 2
