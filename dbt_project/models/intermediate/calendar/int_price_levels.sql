-- Cost level of every year against the price year: the configured index of the year, or of the
-- nearest earlier year, or of the first. Without an index every year is 1: figures stay nominal.
with years as (
    select distinct extract(year from month) as year from {{ ref('int_months') }}
),

indices as (
    select
        years.year,
        known.price_index,
        row_number() over (
            partition by years.year
            order by
                case when known.year <= years.year then 0 else 1 end asc,
                abs(known.year - years.year) asc
        ) as place
    from years
    inner join {{ ref('stg_municipality__price_index') }} as known
        on known.price_index is not null
),

base as (
    select known.price_index
    from {{ ref('stg_municipality__price_index') }} as known
    inner join {{ ref('stg_municipality__profile') }} as profile
        on known.year = profile.price_year
)

select
    cast(years.year as integer) as year,
    coalesce(indices.price_index / base.price_index, 1e0) as price_level,
    indices.price_index is not null as is_indexed
from years
left join indices
    on years.year = indices.year and indices.place = 1
left join base
    on indices.price_index is not null
