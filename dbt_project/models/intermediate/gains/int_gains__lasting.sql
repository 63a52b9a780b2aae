{{ config(materialized='view') }}
-- What of each gain still counts one and two calendar years after the year it was first realised. What
-- the register says is lost does not; of the rest only what can be seen to be still gone. Nothing is
-- said of years that are not over.
with stocks as (
    select
        gains.gain_id,
        years.year_no,
        extract(year from gains.first_realised_date) + years.year_no as year
    from {{ ref('int_gains__register') }} as gains
    cross join (select 1 as year_no union all select 2 as year_no) as years
    where gains.first_realised_date is not null
),

registered as (
    select
        stocks.gain_id,
        stocks.year_no,
        stocks.year,
        sum(events.counted_fte_change) as counted_fte
    from stocks
    inner join {{ ref('int_gains__events') }} as events
        on stocks.gain_id = events.gain_id and extract(year from events.event_date) <= stocks.year
    group by stocks.gain_id, stocks.year_no, stocks.year
),

seen as (
    select
        registered.gain_id,
        registered.year_no,
        sum(case when parts.evidence_status = 'still_there' then parts.counted_fte_change end)
            as still_fte,
        count(case when parts.evidence_status = 'cannot_see' then 1 end) as n_unseen
    from registered
    inner join {{ ref('int_gains__evidence_years') }} as parts
        on registered.gain_id = parts.gain_id and registered.year_no = parts.year_no
    group by registered.gain_id, registered.year_no
),

judged as (
    select
        registered.gain_id,
        registered.year_no,
        registered.counted_fte,
        seen.still_fte,
        case
            when make_date(cast(registered.year as integer), 12, 31) > data_range.last_day
                then 'too_early'
            when registered.counted_fte <= 0 then 'gone'
            when seen.still_fte > 0 then 'still_there'
            when seen.n_unseen > 0 then 'cannot_see'
            else 'gone'
        end as lasting
    from registered
    inner join seen
        on registered.gain_id = seen.gain_id and registered.year_no = seen.year_no
    cross join {{ ref('int_data_range') }} as data_range
)

select
    gain_id,
    {% for year_no in [1, 2] %}
    max(case when year_no = {{ year_no }} then lasting end) as lasting_year_{{ year_no }},
    max(case when year_no = {{ year_no }} then case lasting
        when 'still_there' then least(still_fte, counted_fte)
        when 'gone' then 0
    end end) as realised_fte_year_{{ year_no }}{{ "," if not loop.last }}
    {% endfor %}
from judged
group by gain_id
