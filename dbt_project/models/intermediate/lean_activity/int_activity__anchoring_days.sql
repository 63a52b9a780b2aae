{{ config(materialized='view') }}
-- Days on which a unit's leaders met about improvement: at a board, or at the leader forum.
select unit_id, meeting_date as anchoring_date, board as kind
from {{ ref('stg_lean_activity__board_meetings') }}
union all
select unit_id, forum_date as anchoring_date, 'forum' as kind
from {{ ref('stg_lean_activity__forum_attendance') }}
where attended
