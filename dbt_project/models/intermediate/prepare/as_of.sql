-- The instant up to which every expected source is known to be complete; where
-- none is expected, how far the furthest goes. A backfill reads a past stretch
-- again: it does not say how far a source goes.
with last_windows as (
    select
        pulls.source,
        pulls.table_name,
        any_value(sources.is_required) as is_required,
        max(pulls.window_to) as window_to
    from {{ ref('pulls') }} as pulls
    inner join {{ ref('known_sources') }} as sources
        on pulls.source = sources.source and sources.is_used
    where pulls.is_complete and pulls.mode <> 'backfill'
    group by pulls.source, pulls.table_name
)

select
    date_trunc('second', coalesce(
        cast({{ given_as_of() }} at time zone 'UTC' as timestamp),
        min(window_to) filter (where is_required),
        max(window_to)
    )) as as_of
from last_windows
