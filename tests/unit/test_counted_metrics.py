"""Which metrics count things, and are compared as counts."""

from pipelines.municipality.load import load_standard_metrics


def test_a_limit_in_the_name_of_a_count_makes_it_no_amount() -> None:
    metrics = {metric.id: metric for metric in load_standard_metrics()}
    counts = {metric_id for metric_id, metric in metrics.items() if metric.is_count}
    assert {
        "reports_within_7_days_pct",
        "reports_within_5_days_pct",
        "sick_cases_per_100",
    } <= counts
    assert not counts & {
        "sick_leave_pct", "sick_leave_short_pct", "overtime_pct", "direct_time_pct",
        "waiting_days_mean", "agreed_fte", "parent_satisfaction_score",
    }  # fmt: skip
