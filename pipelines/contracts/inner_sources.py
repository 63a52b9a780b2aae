"""Sources dbt reads that no one delivers: the configuration and the operational tables.

The tables themselves are made by ``pipelines.municipality`` and ``pipelines.warehouse``.
"""

INNER_SOURCES: dict[str, tuple[str, dict[str, str]]] = {
    "municipality": (
        "The municipality's configuration from YAML, replaced every run.",
        {
            "profile": "One row: who the municipality is, privacy limits and windows.",
            "price_index": "Cost level by year; no rows when prices are left nominal.",
            "metrics": "One row per metric in use.",
            "metric_measures": "Which measures make each metric, by role and sign.",
            "metric_services": "Which service types a metric that is not core is valid for.",
            "pilots": "Units that started early, in order.",
            "not_personal": "File columns known not to be about persons, each with the reason.",
            "gain_tags": "What gains are tagged with where their metric says nothing.",
            "facts": "Known figures about the municipality, with their source.",
        },
    ),
    "ops": (
        "What the pipeline knows about its own work; append-only.",
        {
            "deliveries": "One row per received file and what became of it.",
            "quarantine": "One row per refused row and rule, without the row's values.",
            "warnings": "What was odd about a delivery without stopping it.",
            "codes_read": "Codes of units each delivery was read by, as keyed hashes.",
            "landing_files": "One row per delivery and period: its file in landing.",
            "decisions": "One row per time a delivery was accepted, withdrawn or held again.",
            "check_releases": "One row per time a check that stops was released or taken back.",
            "losses": "What was found to be lost for good.",
            "deletions": "One row per file that was deleted, or in which rows were.",
            "erasures": "One row per person whose rows were deleted on request.",
            "pseudonym_keys": "One row per rotation of the key for pseudonyms.",
            "records": "Every entry of the store beside landing that is in this warehouse.",
            "quality_results": "One row per expectation and run of a gate.",
            "publications": "One row per published generation or rollback.",
            "frozen_months": "The months of every frozen baseline, as they were then.",
            "frozen_baselines": "One row per frozen baseline: what it said when it was frozen.",
            "hidden_cells": "Cells that were hidden in an edition, and are so for good.",
            "counted_cells": "What every unit's figures about persons have counted with.",
            "told_cells": "Which units stood behind the groups of each cell in an edition.",
            "told_members": "The units behind each key that an edition has told.",
            "target_locks": "One row per target that was locked or taken back, with its time.",
            "drawn_starts": "One row per unit and draw of a start order.",
            "accepted_rebases": "One row per decision on a new basis that was allowed.",
            "closed_sources": "From which month a source is still computed from its rows.",
            "kept_absence_months": "Sums of absences of closed months per unit.",
            "kept_absence_groups": "Persons behind closed months of groups.",
            "kept_absence_years": "Persons behind closed years of units.",
            "kept_absence_covered": "Closed months the register of absences covered.",
            "kept_position_months": "Staff of closed months per unit.",
            "kept_position_years": "Persons with agreed time in closed years per unit.",
        },
    ),
}
"""Source name to description and its tables with descriptions."""
