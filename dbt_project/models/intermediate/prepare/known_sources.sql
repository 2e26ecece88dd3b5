-- What is expected of each source: vendors by the seed, files by mappings.
with known as (
    select
        source,
        label,
        is_required,
        expected_every_minutes,
        max_staleness_minutes,
        owner
    from {{ ref('sources') }}
    union all
    select distinct
        source,
        label,
        is_required,
        expected_every_minutes,
        max_staleness_minutes,
        owner
    from {{ source('all_files', 'declared') }}
)

select
    *,
    {{ is_used_source('source') }} as is_used
from known
