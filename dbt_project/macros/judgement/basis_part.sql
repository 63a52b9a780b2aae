{# What the verdict was held to: agreed beforehand, or seen afterwards among how many. Starts with a
   space. How often chance gives such an interval is half of p at most .05 on either side. #}
{% macro basis_part(language) -%}
{%- set words = {
    'nb': [
        ' Målet var avtalt på forhånd.', ' Sett i ettertid.',
        ' Sett i ettertid, og strengt prøvd mot de ', ' andre enhetene.',
        ' Blant ', ' enheter på samme måltall ville slike utslag komme ', ' ganger ved tilfeldigheter.',
    ],
    'en': [
        ' The target was agreed beforehand.', ' Seen afterwards.',
        ' Seen afterwards, and tested strictly against the other ', '.',
        ' Among ', ' units such a result would come ', ' times by chance.',
    ],
}[language] -%}
case
    when tested_as = 'registered' then '{{ words[0] }}'
    when n_tested is null then ''
    when headline = 'sign_beyond_expected' then concat(
        '{{ words[4] }}', {{ number_text('n_tested', 0, language, signed=false) }}, '{{ words[5] }}',
        {{ number_text('(n_tested * 0.05e0)', 1, language, signed=false) }}, '{{ words[6] }}'
    )
    when n_tested = 1 then '{{ words[1] }}'
    else concat(
        '{{ words[2] }}', {{ number_text('(n_tested - 1)', 0, language, signed=false) }},
        '{{ words[3] }}'
    )
end
{%- endmacro %}
