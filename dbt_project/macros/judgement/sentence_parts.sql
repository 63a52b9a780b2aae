{# The parts that the templates in headlines.csv are filled with. Each ends with a space or is empty;
   a figure that is not there leaves its part out. The columns are those of int_headlines joined with
   the words of the unit (`level_..`, `change_..`, `estimate_..`). #}
{% macro measured_part(language) -%}
{%- set words = {
    'nb': ['er uendret som målt', 'gikk opp', 'gikk ned', ' som målt, fra ', ' til '],
    'en': ['is unchanged as measured', 'rose by', 'fell by', ' as measured, from ', ' to '],
}[language] -%}
case
    when value_before is null or value_after is null or naive_delta is null then ''
    when round(abs(naive_delta) * power(10e0, decimals), 0) = 0
        then concat(label_{{ language }}, ' {{ words[0] }} (',
            {{ number_text('value_after', 'decimals', language, signed=false) }},
            level_{{ language }}, '). ')
    else concat(
        label_{{ language }}, case when naive_delta > 0 then ' {{ words[1] }} ' else ' {{ words[2] }} ' end,
        {{ number_text('abs(naive_delta)', 'decimals', language, signed=false) }},
        change_{{ language }}, '{{ words[3] }}',
        {{ number_text('value_before', 'decimals', language, signed=false) }},
        level_{{ language }}, '{{ words[4] }}',
        {{ number_text('value_after', 'decimals', language, signed=false) }},
        level_{{ language }}, '. ')
end
{%- endmacro %}

{# How much of the measured change would have come anyway, and why where that is known: a unit that
   starts after a bad year mostly gets better by itself. #}
{% macro anyway_part(language) -%}
{%- set words = {
    'nb': [
        'Det var ventet om lag ingen endring uansett. ', 'Om lag ', ' ville trolig kommet uansett',
        ', fordi enheten startet etter et uvanlig dårlig år',
    ],
    'en': [
        'About no change was expected anyway. ', 'About ', ' would probably have come anyway',
        ', because the unit started after an unusually bad year',
    ],
}[language] -%}
case
    when anyway is null then ''
    when round(abs(anyway) * power(10e0, decimals), 0) = 0 then '{{ words[0] }}'
    else concat(
        '{{ words[1] }}', {{ number_text('anyway', 'decimals', language) }}, change_{{ language }},
        '{{ words[2] }}',
        case when {{ is_why_known() }} then '{{ words[3] }}' else '' end,
        '. ')
end
{%- endmacro %}

{# The estimate with its interval: +1,2 prosentpoeng (fra −0,3 til +2,7). #}
{% macro estimate_part(language) -%}
{%- set words = {'nb': [' (fra ', ' til '], 'en': [' (from ', ' to ']}[language] -%}
case
    when estimate is null then ''
    else concat(
        {{ number_text('estimate', 'shown_decimals', language) }}, estimate_{{ language }},
        case
            when estimate_lo is null or estimate_hi is null then ''
            else concat('{{ words[0] }}',
                {{ number_text('estimate_lo', 'shown_decimals', language) }}, '{{ words[1] }}',
                {{ number_text('estimate_hi', 'shown_decimals', language) }}, ')')
        end)
end
{%- endmacro %}

{# Whether the part about what would have come anyway says itself that the year was bad. #}
{% macro is_why_known() -%}
flag_bad_start_year and anyway * better_side > 0
    and round(abs(anyway) * power(10e0, decimals), 0) > 0
{%- endmacro %}
