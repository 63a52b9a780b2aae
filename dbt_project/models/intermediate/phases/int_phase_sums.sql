-- Before and after: sum over sum of the visible months of each window, and how much was hidden.
-- Without a window all months count towards how much is hidden.
select
    cycle_id,
    metric_id,
    {% for side, phase in [('before', 'baseline'), ('after', 'after')] %}
    cast(count(case when phase = '{{ phase }}' and is_in_window then value end) as integer)
        as n_{{ side }},
    sum(case
        when phase = '{{ phase }}' and is_in_window and value is not null
            then cast(numerator as decimal(38, 9))
    end) as numerator_{{ side }},
    sum(case
        when phase = '{{ phase }}' and is_in_window and value is not null
            then cast(denominator as decimal(38, 9))
    end) as denominator_{{ side }},
    {% endfor %}
    count(case when is_in_window and suppression_reason is not null then 1 end) as n_hidden,
    count(case when is_in_window and value is not null then 1 end) as n_visible,
    count(case when suppression_reason is not null then 1 end) as n_hidden_all,
    count(value) as n_visible_all
from {{ ref('int_phase_months') }}
group by cycle_id, metric_id
