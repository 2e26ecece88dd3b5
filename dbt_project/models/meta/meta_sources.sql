{{ config(alias='sources') }}
with counts as (
    select
        source,
        table_name,
        sum(accepted) as accepted
    from {{ ref('record_counts') }}
    group by source, table_name
),

last_pulls as (
    select
        source,
        table_name,
        max(window_to) as window_to,
        max(source_now) as source_now
    from {{ ref('pulls') }}
    where is_complete and mode <> 'backfill'
    group by source, table_name
),

cursors as (
    {% for source_name, stream in streams() -%}
    select
        {{ name_of_source(source_name) }} as source,
        '{{ stream }}' as table_name,
        max(cursor_at) at time zone 'UTC' as last_cursor_at,
        max(to_timestamp(cast(_dlt_load_id as double))) at time zone 'UTC'
            as last_loaded_at
    from {{ landed(source_name, stream) }}
    group by all
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

-- what should be there, and what nobody declares any more but is in the lake
listed as (
    {% for source_name, stream in streams() if source_name != 'files' -%}
    select
        '{{ source_name }}' as source,
        '{{ stream }}' as table_name
    union all
    {% endfor -%}
    select
        source,
        table_name
    from {{ source('all_files', 'declared') }}
    union
    select
        source,
        table_name
    from cursors
),

-- the latest "now" that any vendor told: lag does not hang on our own clock,
-- which is all that files have
clock as (
    select
        coalesce(
            max(last_pulls.source_now) filter (vendors.source is not null),
            max(last_pulls.source_now)
        ) as source_now
    from last_pulls
    left join {{ ref('sources') }} as vendors
        on last_pulls.source = vendors.source
)

select
    listed.source,
    listed.table_name,
    cast(coalesce(counts.accepted, 0) as bigint) as "rows",
    cast(cursors.last_cursor_at as timestamp) as last_cursor_at,
    cast(cursors.last_loaded_at as timestamp) as last_loaded_at,
    last_pulls.window_to as complete_to,
    cast(date_diff('minute', last_pulls.window_to, clock.source_now) as bigint)
        as lag_minutes,
    last_pulls.window_to
    + sources.expected_every_minutes * interval 1 minute as expected_by,
    case
        when last_pulls.window_to is null and expected.source is null
            then 'not_used'
        when last_pulls.window_to is null then 'never_loaded'
        when
            date_diff('minute', last_pulls.window_to, clock.source_now)
            > sources.max_staleness_minutes
            then 'stale'
        when
            date_diff('minute', last_pulls.window_to, clock.source_now)
            > sources.expected_every_minutes
            then 'late'
        else 'fresh'
    end as status
from listed
cross join clock
left join cursors
    on
        listed.source = cursors.source
        and listed.table_name = cursors.table_name
left join counts
    on
        listed.source = counts.source
        and listed.table_name = counts.table_name
left join last_pulls
    on
        listed.source = last_pulls.source
        and listed.table_name = last_pulls.table_name
left join {{ ref('known_sources') }} as sources
    on listed.source = sources.source
left join {{ ref('expected_sources') }} as expected
    on listed.source = expected.source
