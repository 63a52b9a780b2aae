"""The words SQL joins: columns of the seeds, one per language, written from the word files.

A seed keeps its codes and rules by hand; its columns ``<stem>_<language>`` are made here by
``python -m pipelines.contracts generate``, and so are their types and the macros that know which
languages there are. What the words are is in ``pipelines/words`` alone.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from pipelines.contracts.generated import Files
from pipelines.errors import ContractError
from pipelines.words.catalogue import all_texts, codes, find, text
from pipelines.words.messages import say

_TYPES = "__words.yml"


@dataclass(frozen=True)
class SeedWords:
    """The words of one column of one seed.

    Attributes:
        seed: File name without ``.csv``.
        stem: The column without its language.
        domain: Where its words are in the word files.
        code: The columns whose values, joined by dots, are the code below the domain.
        is_optional: Whether a row may have no words; its cell is then empty.
        is_shared: Whether the composer of sentences has codes of its own in the domain.
    """

    seed: str
    stem: str
    domain: str
    code: tuple[str, ...]
    is_optional: bool = False
    is_shared: bool = False


_STATUS = ("status_set", "status")
SEED_WORDS = (
    SeedWords("baseline_states", "state", "baseline_state", ("state",)),
    SeedWords("chart_season_notes", "season_note", "season_note", ("season_method",)),
    SeedWords("chart_verdicts", "verdict", "chart_verdict", ("verdict",)),
    SeedWords(
        "chart_verdicts", "counted", "sentence.chart_verdict", ("verdict",), is_optional=True
    ),
    SeedWords("comparison_reasons", "reason", "not_compared", ("reason_code",)),
    SeedWords("culture_factors", "factor", "culture_factor", ("factor_id",)),
    SeedWords("false_alarm_rates", "source", "false_alarm_source", ("judged_by",)),
    SeedWords("gain_issues", "issue", "gain_issue", ("issue",)),
    SeedWords("gain_statuses", "status", "gain_check", _STATUS),
    SeedWords("headlines", "headline", "headline", ("headline",)),
    SeedWords("headlines", "next_step", "next_step", ("headline",)),
    SeedWords("headlines", "next_step_closed", "next_step_closed", ("headline",), is_optional=True),
    SeedWords("kotter_steps", "step", "kotter_step", ("step",)),
    SeedWords("kotter_steps", "phase", "kotter_phase", ("phase",)),
    SeedWords("kotter_steps", "hint", "kotter_hint", ("step",), is_optional=True),
    SeedWords("kotter_support", "supported", "kotter_support", ("supported",)),
    SeedWords("labels", "label", "label", ("domain", "code")),
    SeedWords("maturity_levels", "level", "maturity_level", ("level",)),
    SeedWords("maturity_levels", "next_step", "maturity_next_step", ("level",)),
    SeedWords(
        "maturity_levels",
        "next_step_planned",
        "maturity_next_step_planned",
        ("level",),
        is_optional=True,
    ),
    SeedWords(
        "maturity_levels",
        "next_step_passed",
        "maturity_next_step_passed",
        ("level",),
        is_optional=True,
    ),
    SeedWords("pitfall_texts", "text", "pitfall_text", ("code",)),
    SeedWords("pitfalls", "pitfall", "pitfall", ("pitfall_no",)),
    SeedWords("pitfalls", "caveat", "pitfall_caveat", ("pitfall_no",), is_optional=True),
    SeedWords("pukk_steps", "step", "pukk_step", ("step",)),
    SeedWords("rebase_outcomes", "outcome", "rebase_outcome", ("outcome",)),
    SeedWords("reconciliation_parts", "text", "reconciliation_part", ("part",)),
    SeedWords("step_problems", "problem", "step_problem", ("problem_code",)),
    SeedWords("unit_change_texts", "text", "unit_change", ("text_code",)),
    SeedWords("verdict_reasons", "reason", "reason", ("reason_code",), is_shared=True),
    SeedWords("verdicts", "verdict", "verdict", ("verdict",)),
)


def word_files(dbt_folder: Path) -> Files:
    """Return the seeds with words, their types and the macros of the languages, by path.

    Args:
        dbt_folder: The dbt project.

    Raises:
        ContractError: A row has no words, or words have no row.
    """
    seeds = dbt_folder / "seeds"
    by_seed: dict[str, list[SeedWords]] = {}
    for each in SEED_WORDS:
        if (seeds / f"{each.seed}.csv").is_file():
            by_seed.setdefault(each.seed, []).append(each)
    made = {seeds / f"{seed}.csv": _with_words(seeds, words) for seed, words in by_seed.items()}
    made_from = say("contracts.seed_words.word_files")
    return {
        **{path: (content, made_from) for path, content in made.items()},
        seeds / _TYPES: (_types(by_seed), made_from),
        dbt_folder / "macros" / "words" / "languages.sql": (_macros(), made_from),
    }


def _with_words(folder: Path, words: Sequence[SeedWords]) -> str:
    path = folder / f"{words[0].seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    dicts = [dict(zip(header, row, strict=True)) for row in rows]
    for each in words:
        _require_alike(path, each, dicts)
    made = [f"{each.stem}_{code}" for each in words for code in codes()]
    old = _made_before(folder, words[0].seed)
    names = [*(name for name in header if name not in {*made, *old}), *made]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row | dict(_cells(words, row)) for row in dicts)
    return out.getvalue()


def _made_before(folder: Path, seed: str) -> set[str]:
    # so that the columns of a language that is taken away go with it
    path = folder / _TYPES
    told = path.read_text(encoding="utf-8") if path.is_file() else ""
    mine = re.search(rf"- name: {seed}\n.*\n.*\n((?: {{8}}.*\n)+)", told)
    return set(re.findall(r"(\w+): varchar", mine[1])) if mine else set()


def _cells(words: Sequence[SeedWords], row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for each in words:
        for code in codes():
            yield f"{each.stem}_{code}", find(_key(each, row), code) or ""


def _key(words: SeedWords, row: dict[str, str]) -> str:
    return ".".join([words.domain, *(row[name] for name in words.code)])


def _require_alike(path: Path, words: SeedWords, rows: Sequence[dict[str, str]]) -> None:
    asked = {_key(words, row) for row in rows}
    below = f"{words.domain}."
    # sentences below the domain of the codes have their own
    there = {
        key
        for key in all_texts(codes()[0])
        if key.startswith(below) and key.count(".") == below.count(".") - 1 + len(words.code)
    }
    missing = set() if words.is_optional else asked - there
    unused = set() if words.is_shared else there - asked
    if missing or unused:
        none = say("contracts.seed_words.none")
        raise ContractError(
            say(
                "contracts.seed_words.not_alike",
                missing=", ".join(sorted(missing)) or none,
                unused=", ".join(sorted(unused)) or none,
            ),
            where=str(path),
            way_out=say("contracts.seed_words.write_words"),
        )


def _types(by_seed: dict[str, list[SeedWords]]) -> str:
    lines = [
        "# GENERATED from the word files, do not edit. Run: python -m pipelines.contracts generate",
        "version: 2",
        "",
        "seeds:",
    ]
    for seed, words in sorted(by_seed.items()):
        lines += [f"  - name: {seed}", "    config:", "      column_types:"]
        lines += [f"        {each.stem}_{code}: varchar" for each in words for code in codes()]
    return "\n".join(lines) + "\n"


def _macros() -> str:
    listed = ", ".join(f"'{code}'" for code in codes())
    days = {code: _day_in_sql(code) for code in codes()}
    same = {sql: [code for code in codes() if days[code] == sql] for sql in days.values()}
    branches = [
        f"    {{% {'if' if index == 0 else 'elif'} language in {told!r} %}}\n    {sql}"
        for index, (sql, told) in enumerate(same.items())
    ]
    return "\n".join(
        [
            "{# GENERATED from the word files, do not edit. "
            "Run: python -m pipelines.contracts generate #}",
            "",
            "{# What is called, once per language: {% call(language) each_language() %}. #}",
            "{% macro each_language(separator=', ') -%}",
            f"    {{%- for language in [{listed}] -%}}",
            "        {{ caller(language) }}{{ separator if not loop.last }}",
            "    {%- endfor -%}",
            "{%- endmacro %}",
            "",
            "{# A date as people write it. #}",
            "{% macro shown_date(column, language) -%}",
            *branches,
            "    {% endif %}",
            "{%- endmacro %}",
            "",
        ]
    )


def _day_in_sql(language: str) -> str:
    pattern = find("format.day", language) or ""
    parts = []
    for literal, name, spec, _ in Formatter().parse(pattern):
        parts += [f"'{literal}'"] if literal else []
        parts += [_part_of_day(name, spec or "", language)] if name else []
    return f"concat({', '.join(parts)})"


def _part_of_day(name: str, spec: str, language: str) -> str:
    if name == "short_month":
        months = (
            f"when {number} then '{text(f'format.short_month.{number}', language)}'"
            for number in range(1, 13)
        )
        return f"case extract(month from {{{{ column }}}}) {' '.join(months)} end"
    number = f"cast(extract({name} from {{{{ column }}}}) as {{{{ type_text() }}}})"
    return f"lpad({number}, {int(spec.rstrip('d'))}, '0')" if spec else number
