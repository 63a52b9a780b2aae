{# One index per calendar month and pool: the mean over full years of month rate / year rate, scaled
   so that the twelve have mean 1. A pool needs two full years, and an index only exists when all
   twelve months are above 0.

   pool: pool_id, year, month_no, numerator, denominator; one row per pool and month, years full. #}
{% macro season_index(pool) -%}
select
    pool_id,
    month_no,
    n_years,
    raw_index / nullif(mean_index, 0e0) as season_index
from (
    select
        pool_id,
        month_no,
        n_years,
        raw_index,
        {{ exact_avg('raw_index', '(partition by pool_id)') }} as mean_index,
        min(raw_index) over (partition by pool_id) as least_index,
        count(*) over (partition by pool_id) as n_months
    from (
        select
            pool_id,
            month_no,
            count(*) as n_years,
            {{ exact_avg('month_index') }} as raw_index
        from (
            select
                pool_id,
                month_no,
                n_year_months,
                (numerator / nullif(denominator, 0e0))
                / nullif(year_numerator / nullif(year_denominator, 0e0), 0e0) as month_index
            from (
                select
                    pool_id,
                    month_no,
                    numerator,
                    denominator,
                    {{ exact_sum('numerator', '(partition by pool_id, year)') }} as year_numerator,
                    {{ exact_sum('denominator', '(partition by pool_id, year)') }}
                        as year_denominator,
                    count(*) over (partition by pool_id, year) as n_year_months
                from {{ pool }}
            ) as summed
        ) as years
        where n_year_months = 12
        group by pool_id, month_no
    ) as months
) as scaled
where n_months = 12 and least_index > 0 and n_years >= 2
{%- endmacro %}
