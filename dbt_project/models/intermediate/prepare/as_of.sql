-- The instant up to which every required source is known to be complete.
with last_windows as (
    select
        pulls.source,
        pulls.table_name,
        max(pulls.window_to) as window_to
    from {{ ref('pulls') }} as pulls
    inner join {{ ref('sources') }} as sources
        on pulls.source = sources.source
    where sources.is_required and pulls.is_complete
    group by pulls.source, pulls.table_name
)

select
    {% if var('as_of') -%}
    cast(timestamptz '{{ var("as_of") }}' at time zone 'UTC' as timestamp) as as_of,
    true as is_given
    {%- else -%}
    date_trunc('second', min(window_to)) as as_of,
    false as is_given
    {%- endif %}
from last_windows
