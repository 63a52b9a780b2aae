"""Cases with figures of their own for the tests of headlines, and what they have in common."""

from tests.unit.headline_town import EFFECTS, Case

IMPROVED = ("improved", None, None, "unclear")
SIGN = ("no_detectable_change", None, "sign_beyond_expected", None)
CANNOT_TELL = ("no_detectable_change", None, "cannot_tell", None)
FEW = ("too_little_data", "few_untreated", None, None)
JUDGED = {"improved", "worsened", "changed", "no_change", "cannot_tell"}
NBSP = "\u00a0"

SPECIAL = [
    Case("plain", CANNOT_TELL, "no_change_detected"),
    Case("bad_year", CANNOT_TELL, None, figures={"flag_bad_start_year": True}),
    Case("bad_year_no_help", CANNOT_TELL, None, figures={
        "flag_bad_start_year": True, "anyway": 1.2}),
    Case("registered", IMPROVED, None, figures={"basis": "registered", "n_tested": 1},
         has_twin=True),
    Case("lowered", IMPROVED, "sustained_improvement", caveats="budget_cut", has_twin=True),
    Case("voided", ("not_interpretable", "definition_change", None, None), None, has_twin=True),
    Case("hidden", EFFECTS[0], None, has_twin=True),
    Case("by_chart", FEW, "sustained_improvement", has_twin=True),
    Case("nominal", IMPROVED, "sustained_improvement", metric="nominal"),
    Case("chart_registered", FEW, "sustained_improvement", lock_state="registered"),
    Case("alone", IMPROVED, None, figures={"n_tested": 1}),
    Case("no_side", ("changed", None, None, None), None, metric="staff", figures={
        "basis": "registered", "n_tested": 1}),
    Case("sign", SIGN, None, figures={"cf_hi": -0.2}),
    Case("percent", IMPROVED, None, metric="pay", figures={
        "effect_unit": "percent", "cf_delta": -12.34, "cf_lo": -20.0, "cf_hi": -3.06,
        "anyway": -1234567.4, "naive_delta": -2000000.0, "value_before": 3000000.0,
        "value_after": 1000000.0}),
    Case("rounds_to_zero", CANNOT_TELL, None, figures={
        "value_before": 6.54, "value_after": 6.5, "anyway": -0.049, "cf_delta": 0.01,
        "cf_lo": -0.051, "cf_hi": 0.05}),
    Case("three_decimals", CANNOT_TELL, None, metric="share", figures={
        "naive_delta": 0.0305, "value_before": 0.9, "value_after": 0.9305, "anyway": 0.007,
        "cf_delta": 0.0235, "cf_lo": -0.001, "cf_hi": 0.048}),
    Case("chart_alone", FEW, "sustained_improvement", season_method="not_removed",
         limit_label="preliminary", caveats="external, leader_change"),
    Case("chart_bad_year", FEW, "no_change_detected", chart_bad_start_year=True),
    Case("budget", IMPROVED, "sustained_improvement", caveats="budget_cut"),
    Case("limits_do_not_matter", IMPROVED, None, season_method="not_removed"),
    Case("disagree", IMPROVED, "sustained_deterioration", figures={"flag_did_disagrees": True}),
    Case("not_compared", EFFECTS[-1], "no_change_detected"),
    Case("months_to_come", FEW, "sign_of_improvement", months_since_introduction=10),
    *(
        Case(f"closed_{number}", effect, chart, months_since_introduction=24 + number)
        for number, (effect, chart) in enumerate([
            (FEW, "sign_of_improvement"), (FEW, "sign_of_deterioration"), (FEW, "sign_of_change"),
            (SIGN, None), (("not_interpretable", "reorganisation", None, None), None),
            (("too_little_data", "missing_after", None, None), None),
        ])
    ),
]  # fmt: skip
