-- Additive parts of survey metrics, with the variance clustered by person.
with people as (
    select
        metric,
        mode,
        period_type,
        period_start,
        dimension_1,
        value_1,
        dimension_2,
        value_2,
        count(*) as n,
        sum(value) as sum_value,
        sum(cast(value as hugeint) * value) as sum_sq
    from {{ ref('int_survey_observations_by_period') }}
    group by
        metric, mode, period_type, period_start, dimension_1, value_1,
        dimension_2, value_2, person
)

select
    metric,
    mode,
    period_type,
    period_start,
    dimension_1,
    value_1,
    dimension_2,
    value_2,
    sum(n) as n,
    sum(sum_value) as sum_value,
    sum(sum_sq) as sum_sq,
    -- sum over people of (sum of their deviations from the mean) squared, taken
    -- apart into exact integer sums
    count(*) as count_people,
    sum(sum_value * sum_value) as sum_person_sq,
    sum(sum_value * n) as sum_person_cross,
    sum(n * n) as sum_person_n_sq
from people
group by all
