with groups as (select * from {{ ref('int_metric_groups') }}),

as_of as (select as_of from {{ ref('as_of') }})

select
    groups.metric,
    groups.mode,
    groups.period_type,
    groups.period_start,
    nullif(groups.dimension_1, 'all') as dimension_1,
    case when groups.dimension_1 <> 'all' then groups.value_1 end as value_1,
    nullif(groups.dimension_2, 'all') as dimension_2,
    case when groups.dimension_2 <> 'all' then groups.value_2 end as value_2,
    cast(groups.n as bigint) as n,
    cast(groups.sum_value / groups.unit as double) as sum_value,
    cast(groups.sum_sq / pow(groups.unit, 2) as double) as sum_sq,
    case
        when groups.kind in ('share', 'net_score')
            then cast(coalesce(groups.sum_value, 0) as bigint)
    end as numerator,
    case
        when groups.kind in ('share', 'net_score') then cast(groups.n as bigint)
    end as denominator,
    cast(groups.n_open as bigint) as n_open,
    cast(0 as bigint) as n_censored,
    cast(groups.value as double) as value,
    cast(groups.p50 / groups.unit as double) as p50,
    cast(groups.p90 / groups.unit as double) as p90,
    cast(case
        when groups.n = 0 then null
        when groups.kind = 'share'
            then greatest({{ wilson('groups.sum_value', 'groups.n', '-') }}, 0)
        when groups.kind = 'net_score' or groups.kind = 'mean' and groups.n > 1
            then greatest(groups.value - groups.half_width, groups.lowest)
    end as double) as ci_low,
    cast(case
        when groups.n = 0 then null
        when groups.kind = 'share'
            then least({{ wilson('groups.sum_value', 'groups.n', '+') }}, 1)
        when groups.kind = 'net_score' or groups.kind = 'mean' and groups.n > 1
            then least(groups.value + groups.half_width, groups.highest)
    end as double) as ci_high,
    groups.n_open = 0
    and {{ period_stop('groups.period_type', 'groups.period_start') }}
    + cast(metrics.settle_days as integer)
    <= cast(as_of.as_of as date) as is_final,
    groups.n < 30 as is_low_n
from groups
cross join as_of
inner join {{ ref('metrics') }} as metrics on groups.metric = metrics.metric
