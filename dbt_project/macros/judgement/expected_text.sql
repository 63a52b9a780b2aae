{# How many improvements chance alone would give among the judged metrics, as a sentence. The columns
   are those of mart_overview. #}
{% macro expected_text(language) -%}
{%- set words = {
    'nb': ['Ingen måling er vurdert.', 'Av ', ' vurderte målinger ventes ', 'mindre enn én forbedring',
        'om lag én forbedring', 'om lag ', ' forbedringer', ' ved ren tilfeldighet.'],
    'en': ['No metric has been judged.', 'Of ', ' judged metrics ', 'less than one improvement',
        'about one improvement', 'about ', ' improvements', ' would come by pure chance.'],
}[language] -%}
case
    when n_by_comparison + n_by_chart = 0 then '{{ words[0] }}'
    else concat(
        '{{ words[1] }}',
        {{ number_text('(n_by_comparison + n_by_chart)', 0, language, signed=false) }},
        '{{ words[2] }}',
        case
            when expected_by_chance < 1e0 then '{{ words[3] }}'
            when expected_by_chance < 1.5e0 then '{{ words[4] }}'
            else concat(
                '{{ words[5] }}',
                {{ number_text('expected_by_chance', 0, language, signed=false) }}, '{{ words[6] }}'
            )
        end,
        '{{ words[7] }}'
    )
end
{%- endmacro %}
