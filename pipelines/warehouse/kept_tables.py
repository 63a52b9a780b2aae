"""The tables of ``ops`` that one night leaves for all later nights; no model writes them.

What goes into them is in ``baselines``, ``hidden_cells``, ``told_groups`` and, for those of
``closed``, in ``retention``; the other tables are in ``schema``.
"""

from pipelines.warehouse.closed import CLOSED_TABLES
from pipelines.warehouse.table_sql import OpsTable

KEPT_TABLES: dict[str, OpsTable] = {
    "frozen_months": OpsTable(
        "The months of every frozen baseline as they were when it was frozen; append-only.",
        {
            "baseline_id": ("varchar not null", "Cycle, metric, start month, correction."),
            "month": ("date not null", "First day of the month."),
            "numerator": ("double not null", "Numerator when frozen."),
            "denominator": ("double not null", "Denominator when frozen."),
            "delivery_ids": ("varchar", "Deliveries the figure came from."),
        },
    ),
    "frozen_baselines": OpsTable(
        "One row per frozen baseline: what it said when it was frozen; append-only.",
        {
            "baseline_id": ("varchar not null", "Cycle, metric, start month, correction."),
            "cycle_id": ("varchar not null", "The PUKK cycle."),
            "unit_id": ("varchar not null", "The unit."),
            "metric_id": ("varchar not null", "The metric."),
            "first_month": ("date", "First month with a figure."),
            "last_month": ("date", "Last month with a figure."),
            "n_months": ("integer not null", "Months with a figure."),
            "numerator": ("double", "Sum of numerators."),
            "denominator": ("double", "Sum of denominators."),
            "value": ("double", "Sum over sum, in the metric's unit."),
            "chart": ("varchar", "Chart the limits were computed by."),
            "centre": ("double", "Centre line."),
            "sigma": ("double", "One sigma."),
            "is_screened": ("boolean", "Whether large moving ranges were left out."),
            "limit_label": ("varchar", "none, preliminary or firm."),
            "autocorrelation": ("double", "Lag-one autocorrelation of the months."),
            "season_method": ("varchar", "How the season was taken out."),
            "season_hash": ("varchar", "Fingerprint of the season index used."),
            "delivery_ids": ("varchar", "Deliveries the figures came from."),
            "frozen_as_of": ("date not null", "Last month of the data when it was frozen."),
            "baseline_hash": ("varchar not null", "Fingerprint of the frozen months."),
            "corrected_by": ("varchar", "Decision that had it frozen anew."),
        },
    ),
    "hidden_cells": OpsTable(
        "Every cell that was hidden in an edition, and so is hidden for good; append-only.",
        {
            "level": ("varchar not null", "unit, sector or municipality."),
            "group_id": ("varchar not null", "Unit, sector, or all."),
            "family_id": ("varchar not null", "Metrics hidden together."),
            "period": ("varchar not null", "Month or year: 2016-03 or 2016."),
        },
    ),
    "counted_cells": OpsTable(
        "What units' figures about persons have counted with; append-only, the newest counts.",
        {
            "unit_id": ("varchar not null", "The unit."),
            "metric_id": ("varchar not null", "The metric."),
            "month": ("date not null", "First day of the month."),
            "entry_no": ("integer not null", "The entry of the store it came with."),
            "numerator": ("double", "Sum above the line."),
            "denominator": ("double", "Sum below the line."),
            "n_persons": ("integer", "Distinct persons behind the denominator."),
            "n_persons_once": ("integer", "Persons, each counted in one unit only."),
            "n_contributors": ("integer", "Distinct persons behind the numerator."),
            "is_shown": ("boolean not null", "Whether readers saw it in that edition."),
        },
    ),
    "told_cells": OpsTable(
        "Which units stood behind the groups of each cell in an edition; append-only.",
        {
            "entry_no": ("integer not null", "The entry of the store it came with."),
            "cell": ("varchar not null", "What the rows of groups share."),
            "now_key": ("varchar not null", "Key of the groups and their units."),
        },
    ),
    "told_members": OpsTable(
        "The units behind each key that an edition has told; append-only.",
        {
            "now_key": ("varchar not null", "Key of the groups and their units."),
            "level": ("varchar not null", "Kind of group."),
            "group_id": ("varchar not null", "Which group."),
            "unit_id": ("varchar not null", "A unit with figures in it."),
            "limit_halves": ("integer", "Halves of the limit of persons it is sure to hold."),
        },
    ),
    "target_locks": OpsTable(
        "Targets locked, or taken back, and when; append-only.",
        {
            "entry_no": ("integer not null", "1, 2, 3 … in the order they were made."),
            "locked_at": ("timestamp not null", "When, UTC."),
            "locked_on": ("date not null", "The day in Norway."),
            "action": ("varchar not null", "lock or unlock."),
            "made_by": ("varchar not null", "command or register."),
            "cycle_id": ("varchar not null", "The PUKK cycle."),
            "unit_id": ("varchar not null", "Its unit."),
            "metric_id": ("varchar not null", "The target metric."),
            "definition_sha256": ("varchar not null", "Hash of what the metric meant then."),
            "direction": ("varchar not null", "The wanted direction: lower or higher."),
            "target_value": ("double", "The wanted value, if there is one."),
            "look_months": ("integer not null", "Months after the start at which it is tested."),
        },
    ),
    "drawn_starts": OpsTable(
        "Start orders drawn by lot, and when; append-only, a unit's newest draw counts.",
        {
            "entry_no": ("integer not null", "1, 2, 3 … in the order they were drawn."),
            "drawn_at": ("timestamp not null", "When, UTC."),
            "drawn_on": ("date not null", "The day in Norway."),
            "unit_id": ("varchar not null", "The unit."),
            "wave_no": ("integer not null", "The wave it was drawn into."),
            "list_sha256": ("varchar not null", "Hash of the list that was drawn from."),
        },
    ),
    "accepted_rebases": OpsTable(
        "One row per decision on a new basis that was allowed; append-only.",
        {
            "decision_id": ("varchar not null", "The decision."),
            "cycle_id": ("varchar not null", "The PUKK cycle."),
            "metric_id": ("varchar not null", "The metric."),
            "accepted_as_of": ("date not null", "Last month of the data when it was allowed."),
            "n_points": ("integer not null", "Points of the new basis when it was decided."),
            "centre": ("double", "Centre line of the new basis."),
            "sigma": ("double", "One sigma of the new basis."),
        },
    ),
    **CLOSED_TABLES,
}
