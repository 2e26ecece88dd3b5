-- Additive parts and, where nothing is running, the quantiles of each group.
select
    metric,
    mode,
    period_type,
    period_start,
    dimension_1,
    value_1,
    dimension_2,
    value_2,
    count(*) filter (not is_running) as n,
    count(*) filter (is_running) as n_open,
    sum(value) filter (not is_running) as sum_value,
    sum(cast(value as hugeint) * value) filter (not is_running) as sum_sq,
    -- the mean of the two middle values, where two values are the middle
    (
        quantile_disc(value, 0.5) filter (not is_running and is_duration)
        - quantile_disc(-value, 0.5) filter (not is_running and is_duration)
    ) / 2 as p50,
    (
        quantile_disc(value, 0.9) filter (not is_running and is_duration)
        - quantile_disc(-value, 0.1) filter (not is_running and is_duration)
    ) / 2 as p90
from {{ ref('int_ticket_observations_by_period') }}
group by all
