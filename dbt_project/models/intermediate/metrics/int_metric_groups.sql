-- Every group of every metric: additive parts, value and interval.
with periods as (
    select distinct
        period_number,
        period_type,
        period_start
    from {{ ref('int_periods') }}
),

breakdowns as (
    select distinct * exclude (family, profile_number)
    from {{ ref('int_breakdowns') }}
),

additive_groups as (
    select
        sums.* exclude (p50, p90),
        case when sums.n_open > 0 then curves.p50 else sums.p50 end as p50,
        case when sums.n_open > 0 then curves.p90 else sums.p90 end as p90
    from {{ ref('int_metric_sums') }} as sums
    left join {{ ref('int_metric_curves') }} as curves
        using (metric, mode, period_number, breakdown_number)
),

survey_groups as (
    select
        sums.* exclude (sum_person_sq, sum_person_cross, sum_person_n_sq),
        0 as n_open,
        -- how much wider the interval is because some answer more than once
        greatest(1.0, coalesce(
            (
                sums.sum_person_sq
                - 2.0 * sums.sum_value / sums.n * sums.sum_person_cross
                + pow(sums.sum_value / sums.n, 2) * sums.sum_person_n_sq
            )
            / nullif(
                round(sums.sum_sq - pow(sums.sum_value, 2) / sums.n, 9), 0
            ),
            1.0
        )) as design_effect
    from {{ ref('int_survey_metric_sums') }} as sums
),

numbered_groups as (
    select * from additive_groups
    union all by name
    select * from survey_groups
),

groups as (
    select
        numbered_groups.* exclude (period_number, breakdown_number),
        breakdowns.* exclude (breakdown_number),
        periods.period_type,
        periods.period_start
    from numbered_groups
    inner join periods
        on numbered_groups.period_number = periods.period_number
    inner join breakdowns
        on numbered_groups.breakdown_number = breakdowns.breakdown_number
)

select
    groups.*,
    modes.kind,
    modes.lowest,
    modes.highest,
    case modes.kind
        when 'duration' then 60.0
        else 1.0
    end as unit,
    case modes.kind
        when 'count' then groups.n
        when 'duration' then groups.p50 / 60.0
        when 'net_score' then 100.0 * groups.sum_value / nullif(groups.n, 0)
        else groups.sum_value / nullif(groups.n, 0)
    end as value,
    case modes.kind
        when 'net_score'
            then
                {{ adjusted_wald(
                    'groups.sum_value', 'groups.sum_sq', 'groups.n'
                ) }}
                * sqrt(groups.design_effect)
        when 'mean'
            then
                coalesce(t_quantiles.t, {{ z() }})
                * sqrt(greatest(
                    groups.sum_sq - pow(groups.sum_value, 2) / groups.n, 0
                ) / nullif(groups.n - 1, 0) / groups.n)
    end as half_width
from groups
inner join {{ ref('metric_modes') }} as modes using (metric, mode)
left join {{ ref('t_quantiles') }} as t_quantiles
    on groups.n - 1 = t_quantiles.degrees_of_freedom
