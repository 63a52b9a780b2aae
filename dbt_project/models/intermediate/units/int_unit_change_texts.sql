{{ config(materialized='view') }}
-- Each change as one event of every unit it is about, in words: units that merged on one day into
-- one stand in one sentence, and so do those one was split into.
with grouped as (
    select
        changes.*,
        case
            when change_type in ('merge', 'rename') then to_unit_id else from_unit_id
        end as about_unit_id,
        case
            when change_type = 'rename' and from_unit_id <> to_unit_id then 'renumber'
            when change_type = 'rename' and from_text = to_text then 'rename_unknown'
            when change_type = 'move' and from_unit_id = to_unit_id then 'move_whole'
            else change_type
        end as text_code
    from {{ ref('int_unit_changes') }} as changes
),

worded as (
    select
        change_type,
        text_code,
        change_date,
        about_unit_id,
        {{ text_list("case when from_unit_id <> to_unit_id or change_type in ('rename', 'place') then from_text end") }}
            as from_texts,
        {{ text_list("case when from_unit_id <> to_unit_id or change_type in ('rename', 'place') then to_text end") }}
            as to_texts
    from grouped
    group by change_type, text_code, change_date, about_unit_id
),

members as (
    select change_type, text_code, change_date, about_unit_id, from_unit_id as unit_id from grouped
    union
    select change_type, text_code, change_date, about_unit_id, to_unit_id as unit_id from grouped
)

select
    members.unit_id,
    members.change_date,
    members.about_unit_id,
    concat('unit_', members.change_type) as event_type,
    {% call(language) each_language() %}
    replace(
        replace(texts.text_{{ language }}, '{from}', coalesce(worded.from_texts, '')),
        '{to}', coalesce(worded.to_texts, '')
    ) as label_{{ language }}
    {% endcall %}
from members
inner join worded
    on members.text_code = worded.text_code and members.change_date = worded.change_date
    and members.about_unit_id = worded.about_unit_id and members.change_type = worded.change_type
inner join {{ ref('unit_change_texts') }} as texts
    on members.text_code = texts.text_code
