{{ config(materialized='view') }}
-- Own sickness per person and position as stretches of days, of which no two share a day. The
-- position is the one named in the spell, else the person's positions in the spell's unit, else all
-- of the person's positions, among those active that day. Where spells overlap the highest grade
-- counts, once. A spell that shares no day with another of the person is a stretch as it stands; a
-- cluster of those that do is cut at every edge, and what counts is chosen for each piece.
{% set stretch = ['person_id', 'position_id', 'unit_id', 'position_pct', 'grade_pct', 'absence_type', 'delivery_id'] %}
-- of those that start the same day one at most is apart from what came before, whichever comes first
with apart as (
    select
        pairs.*,
        case when first_day <= max(last_day) over (
            partition by person_id order by first_day
            rows between unbounded preceding and 1 preceding
        ) then 0 else 1 end as is_apart
    from {{ ref('int_sick_leave__spell_positions') }} as pairs
    where first_day <= last_day
),

clusters as (
    select
        apart.*,
        sum(is_apart) over (partition by person_id order by first_day) as cluster_no
    from apart
),

clustered as (
    select
        clusters.*,
        count(*) over (partition by person_id, cluster_no) as n_in_cluster
    from clusters
),

pieces as (
    select
        edges.*,
        lead(piece_day) over (partition by person_id, cluster_no order by piece_day) as next_piece_day
    from (
        select person_id, cluster_no, first_day as piece_day from clustered where n_in_cluster > 1
        union
        select person_id, cluster_no, {{ add_days('last_day', 1) }} from clustered where n_in_cluster > 1
    ) as edges
),

matched as (
    select
        clustered.*,
        pieces.piece_day,
        pieces.next_piece_day,
        min(clustered.match_order) over (
            partition by
                clustered.person_id, clustered.spell_unit_id, clustered.start_date,
                clustered.absence_type, pieces.piece_day
        ) as best_order
    from clustered
    inner join pieces
        on clustered.person_id = pieces.person_id and clustered.cluster_no = pieces.cluster_no
        and pieces.piece_day between clustered.first_day and clustered.last_day
)

select {{ stretch | join(', ') }}, first_day, last_day
from clustered
where n_in_cluster = 1
union all
select {{ stretch | join(', ') }}, piece_day as first_day, {{ add_days('next_piece_day', -1) }} as last_day
from (
    select
        matched.*,
        row_number() over (
            partition by person_id, position_id, piece_day
            order by grade_pct desc, absence_type asc, delivery_id desc
        ) as grade_order
    from matched
    where match_order = best_order
) as ranked
where grade_order = 1
