-- Additive parts and, where nothing is running, the quantiles of each group.
with sums as (
    select
        metric,
        mode,
        period_number,
        breakdown_number,
        count(*) filter (where not is_running) as n,
        count(*) filter (where is_running) as n_open,
        sum(value) filter (where not is_running) as sum_value,
        sum(value * value) filter (where not is_running) as sum_sq,
        -- a hair above a quantile lies the next value, if the quantile falls
        -- between two: their mean is the quantile then. One state serves all.
        quantile_disc(value, [0.5, 0.5000000001, 0.9, 0.9000000001])
        filter (where is_duration and not is_running) as quantiles
    from {{ ref('int_observations_by_period') }}
    group by all
)

select
    * exclude (quantiles),
    (quantiles[1] + quantiles[2]) / 2 as p50,
    (quantiles[3] + quantiles[4]) / 2 as p90
from sums
