{# The rest of a statement that starts with a CTE of cells (level, group_id, sector, family_id,
   month, min_persons, n_persons_once, size_order, reason) and gives every cell its final reason.

   A published total less its visible units is the sum of its hidden units, so the hidden units
   behind a total must be at least two and together at least min_persons; else the next smallest
   visible unit is hidden too. Where a sector has too few units for that, its total is hidden, and
   the same holds for what remains of the municipality: units of sectors without a total. #}
{% macro secondary_suppression(cells) -%}
in_sector as (
    select
        units.*,
        units.reason is not null as is_hidden,
        {{ hidden_before('units.reason is not null', 'units.sector') }}
    from {{ cells }} as units
    where units.level = 'unit'
),

first_choice as (
    select
        in_sector.*,
        {{ must_hide('is_hidden') }} as is_hidden_in_sector
    from in_sector
),

sector_totals as (
    select
        sectors.family_id,
        sectors.month,
        sectors.sector,
        max(case
            when sectors.reason is not null then 1
            when hidden.n_hidden is null then 0
            when hidden.n_hidden < 2 or hidden.n_persons < sectors.min_persons then 1
            else 0
        end) as is_total_hidden
    from {{ cells }} as sectors
    left join (
        select family_id, month, sector, count(*) as n_hidden, sum(n_persons_once) as n_persons
        from first_choice
        where is_hidden_in_sector
        group by family_id, month, sector
    ) as hidden
        on sectors.family_id = hidden.family_id
        and sectors.month = hidden.month
        and sectors.sector = hidden.sector
    where sectors.level = 'sector'
    group by sectors.family_id, sectors.month, sectors.sector
),

exposed as (
    select
        units.family_id, units.month, units.sector, units.group_id, units.min_persons,
        units.n_persons_once, units.size_order, units.is_hidden_in_sector,
        units.is_hidden_in_sector and totals.is_total_hidden = 1 as is_exposed
    from first_choice as units
    inner join sector_totals as totals
        on units.family_id = totals.family_id
        and units.month = totals.month
        and units.sector = totals.sector
),

in_municipality as (
    select
        units.*,
        {{ hidden_before('units.is_exposed', none, 'units.is_hidden_in_sector') }}
    from exposed as units
),

second_choice as (
    select
        in_municipality.*,
        {{ must_hide('is_exposed') }} as is_picked
    from in_municipality
),

{{ suppression_result(cells) }}
{%- endmacro %}
