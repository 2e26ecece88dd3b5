{{ config(alias='metrics') }}
with modes as (
    select
        metric,
        string_agg(mode, ', ' order by is_default desc, mode asc) as modes
    from {{ ref('metric_modes') }}
    group by metric
)

select
    metrics.metric as name,
    metrics.label,
    metrics.definition,
    metrics.unit,
    metrics.direction,
    metrics.dated_by,
    modes.modes,
    metrics.owner
from {{ ref('metrics') }} as metrics
inner join modes on metrics.metric = modes.metric
