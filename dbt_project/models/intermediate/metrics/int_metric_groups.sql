-- Every group of every metric: additive parts, value and interval.
with ticket_groups as (
    select
        sums.* exclude (p50, p90),
        case when sums.n_open > 0 then curves.p50 else sums.p50 end as p50,
        case when sums.n_open > 0 then curves.p90 else sums.p90 end as p90,
        cast(null as double) as design_effect
    from {{ ref('int_ticket_metric_sums') }} as sums
    left join {{ ref('int_ticket_metric_curves') }} as curves
        using (
            metric, mode, period_type, period_start,
            dimension_1, value_1, dimension_2, value_2
        )
),

-- how much wider the interval is because some people answer more than once
survey_groups as (
    select
        metric,
        mode,
        period_type,
        period_start,
        dimension_1,
        value_1,
        dimension_2,
        value_2,
        n,
        0 as n_open,
        sum_value,
        sum_sq,
        cast(null as double) as p50,
        cast(null as double) as p90,
        greatest(1.0, coalesce(
            (
                sum_person_sq
                - 2.0 * sum_value / n * sum_person_cross
                + pow(sum_value / n, 2) * sum_person_n_sq
            ) / nullif(round(sum_sq - pow(sum_value, 2) / n, 9), 0),
            1.0
        )) as design_effect
    from {{ ref('int_survey_metric_sums') }}
),

groups as (
    select * from ticket_groups
    union all by name
    select * from survey_groups
)

select
    groups.*,
    modes.kind,
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
