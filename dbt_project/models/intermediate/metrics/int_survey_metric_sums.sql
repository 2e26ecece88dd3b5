-- Additive parts of survey metrics, with the variance clustered by person.
with people as (
    select
        metric,
        mode,
        period_number,
        breakdown_number,
        count(*) as n,
        sum(value) as sum_value,
        sum(value * value) as sum_sq
    from {{ ref('int_survey_observations_by_period') }}
    group by metric, mode, period_number, breakdown_number, person
)

select
    metric,
    mode,
    period_number,
    breakdown_number,
    sum(n) as n,
    sum(sum_value) as sum_value,
    sum(sum_sq) as sum_sq,
    -- sum over people of (sum of their deviations from the mean) squared, taken
    -- apart into exact integer sums
    sum(sum_value * sum_value) as sum_person_sq,
    sum(sum_value * n) as sum_person_cross,
    sum(n * n) as sum_person_n_sq
from people
group by all
