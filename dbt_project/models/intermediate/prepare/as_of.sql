-- The instant up to which every expected source is known to be complete.
with last_windows as (
    select
        pulls.source,
        pulls.table_name,
        max(pulls.window_to) as window_to
    from {{ ref('pulls') }} as pulls
    inner join {{ ref('expected_sources') }} as sources
        on pulls.source = sources.source
    where pulls.is_complete
    group by pulls.source, pulls.table_name
)

select
    date_trunc('second', coalesce(
        cast({{ given_as_of() }} at time zone 'UTC' as timestamp),
        min(window_to)
    )) as as_of
from last_windows
