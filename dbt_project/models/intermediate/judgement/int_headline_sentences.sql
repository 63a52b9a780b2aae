-- Each headline in a full sentence: the template of its code, figures, what lowers the certainty.
with worded as (
    select
        figures.*,
        {% for language in ['nb', 'en'] %}
        coalesce(units.level_{{ language }}, '') as level_{{ language }},
        coalesce(units.change_{{ language }}, '') as change_{{ language }},
        coalesce(told.change_{{ language }}, '') as estimate_{{ language }},
        codes.sentence_{{ language }} as template_{{ language }},
        coalesce(
            gates.reason_{{ language }},
            case
                when figures.headline = 'too_little_data' and figures.chart_verdict is not null
                    then concat(
                        comparisons.reason_{{ language }}, ' ',
                        '{{ 'Kontrolldiagrammet: ' if language == 'nb' else 'The control chart: ' }}',
                        charts.verdict_{{ language }}, '.'
                    )
                else comparisons.reason_{{ language }}
            end,
            ''
        ) as reason_{{ language }},
        coalesce(
            case
                when {{ is_why_known() }} then lowering.other_{{ language }}
                else lowering.lowered_by_{{ language }}
            end, ''
        ) as caveat_{{ language }},
        {% endfor %}
        lowering.lowered_by,
        lowering.lowered_by_nb,
        lowering.lowered_by_en
    from {{ ref('int_headline_figures') }} as figures
    inner join {{ ref('headlines') }} as codes
        on figures.headline = codes.headline
    left join {{ ref('metric_units') }} as units
        on figures.unit = units.unit
    left join {{ ref('metric_units') }} as told
        on figures.effect_unit = told.unit
    left join {{ ref('verdict_reasons') }} as gates
        on figures.gate_reason = gates.reason_code
    left join {{ ref('comparison_reasons') }} as comparisons
        on figures.comparison_reason = comparisons.reason_code
    left join {{ ref('chart_verdicts') }} as charts
        on figures.chart_verdict = charts.verdict
    left join {{ ref('int_headline_lowering') }} as lowering
        on figures.cycle_id = lowering.cycle_id and figures.metric_id = lowering.metric_id
),

filled as (
    select
        worded.*,
        {% for language in ['nb', 'en'] %}
        {{ measured_part(language) }} as measured_{{ language }},
        {{ anyway_part(language) }} as anyway_{{ language }},
        {{ basis_part(language) }} as basis_{{ language }},
        {{ estimate_part(language) }} as told_{{ language }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from worded
)

select
    cycle_id,
    metric_id,
    lowered_by,
    lowered_by_nb,
    lowered_by_en,
    {% for language in ['nb', 'en'] %}
    trim(concat(
        replace(replace(replace(replace(replace(
            template_{{ language }},
            '{measured}', measured_{{ language }}),
            '{anyway}', anyway_{{ language }}),
            '{estimate}', told_{{ language }}),
            '{basis}', basis_{{ language }}),
            '{reason}', reason_{{ language }}),
        case when caveat_{{ language }} = '' then '' else concat(' ', caveat_{{ language }}) end
    )) as sentence_{{ language }}{% if not loop.last %},{% endif %}
    {% endfor %}
from filled
