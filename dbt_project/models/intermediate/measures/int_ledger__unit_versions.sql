-- Each unit's versions of a budget: how many lines, and how many of the lines that earlier versions
-- had. A version with nearly all of them is whole and replaces what came before; another is laid over
-- it, line by line. An original budget is decided whole.
with lines as (
    select distinct
        owner_id, year, amount_type, version, version_no, line, first_version
    from {{ ref('int_ledger__budget_lines') }}
),

counted as (
    select
        owner_id,
        year,
        amount_type,
        version,
        version_no,
        count(*) as n_lines,
        count(case when first_version = version_no then 1 end) as n_new_lines
    from lines
    group by owner_id, year, amount_type, version, version_no
),

compared as (
    select
        counted.*,
        coalesce(sum(n_new_lines) over (
            partition by owner_id, year, amount_type
            order by version_no rows between unbounded preceding and 1 preceding
        ), 0) as n_earlier_lines
    from counted
),

judged as (
    select
        compared.*,
        amount_type = 'original_budget'
        or n_lines - n_new_lines >= n_earlier_lines * {{ min_whole_version_share() }} as is_whole
    from compared
)

select
    owner_id as unit_id,
    year,
    amount_type,
    version,
    version_no,
    cast(n_lines as integer) as n_lines,
    cast(n_lines - n_new_lines as integer) as n_known_lines,
    cast(n_earlier_lines as integer) as n_earlier_lines,
    is_whole,
    max(case when is_whole then version_no end) over (
        partition by owner_id, year, amount_type
    ) as first_version_no
from judged
