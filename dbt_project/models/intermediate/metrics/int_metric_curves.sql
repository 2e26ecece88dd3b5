-- Kaplan-Meier quantiles of the groups in which something is still running.
with running_groups as (
    select
        metric,
        mode,
        period_number,
        breakdown_number,
        -- one number instead of four columns: the steps are sorted by group
        row_number() over (
            order by metric, mode, period_number, breakdown_number
        ) as group_number
    from {{ ref('int_metric_sums') }}
    where n_open > 0
),

steps as (
    select
        running_groups.group_number,
        observations.value,
        count(*) as count_at_value,
        count(*) filter (where not observations.is_running) as count_finished
    from {{ ref('int_observations_by_period') }} as observations
    inner join running_groups
        using (metric, mode, period_number, breakdown_number)
    where observations.is_duration
    group by running_groups.group_number, observations.value
),

at_risk as (
    select
        *,
        sum(count_at_value) over (
            partition by group_number order by value desc
        ) as count_at_risk
    from steps
),

-- the product of (1 - finished / at risk); the last step may end the curve
survival as (
    select
        *,
        case
            when count_finished = count_at_risk then 0.0
            else round(exp(sum(
                case
                    when count_finished < count_at_risk
                        then ln(1 - count_finished / count_at_risk)
                end
            ) over (
                partition by group_number order by value
            )), 12)
        end as share_running
    from at_risk
),

quantiles as (
    select
        group_number,
        (
            min(value) filter (where share_running <= 0.5)
            + coalesce(
                min(value) filter (where share_running < 0.5),
                min(value) filter (where share_running <= 0.5)
            )
        ) / 2 as p50,
        (
            min(value) filter (where share_running <= 0.1)
            + coalesce(
                min(value) filter (where share_running < 0.1),
                min(value) filter (where share_running <= 0.1)
            )
        ) / 2 as p90
    from survival
    where count_finished > 0
    group by group_number
)

select
    running_groups.* exclude (group_number),
    quantiles.p50,
    quantiles.p90
from quantiles
inner join running_groups
    on quantiles.group_number = running_groups.group_number
