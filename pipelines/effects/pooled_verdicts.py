"""What may be said of a group's pooled effect: verdict, precision, class and words of one row."""

from collections.abc import Mapping
from typing import Any

from pipelines.effects.bump import start_year
from pipelines.effects.inputs import Rules
from pipelines.effects.pooled_text import PERSISTENCE, pooled_sentence
from pipelines.effects.verdicts import good_sign, judge, precision_of, relevant_effect


def judged(
    row: Mapping[str, Any], metric: dict[str, Any], rules: Rules, mean_before: float
) -> dict[str, Any]:
    """Finish a row of the pooled table.

    A group is one test, so its q is its p, which has the margin in it already. A contrast between
    years gets no verdict: whether something lasted is told by the class.

    Args:
        row: All columns of the table but verdict, precision, class in words and sentences.
        metric: Its row of ``EffectInputs.metrics``.
        rules: Limits.
        mean_before: Mean of the group's units before their starts, in the metric's unit.
    """
    done: dict[str, Any] = {"verdict": None, "precision": None, "persistence": None} | dict(row)
    if done["kind"] == "window":
        sign = good_sign(metric["direction"])
        is_good = None if sign is None else done["estimate"] * sign > 0
        done["verdict"] = judge(done["p"], done["p"], rules, is_good=is_good)
        if done["verdict"] == "no_detectable_change":
            relevant = relevant_effect(metric, str(done["effect_unit"]), mean_before)
            done["precision"] = precision_of(done["lo"], done["hi"], relevant)
    year = start_year(done["bump"], done["margin"], metric["direction"])
    names = PERSISTENCE.get(done["persistence"], (None, None))
    done["persistence_nb"], done["persistence_en"] = names
    done["text_nb"], done["text_en"] = pooled_sentence(done, metric, year)
    return done
