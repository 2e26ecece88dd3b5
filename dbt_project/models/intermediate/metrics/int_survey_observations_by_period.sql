-- Answers by period and breakdown; relationship NPS keeps each person's last.
with counted as (
    select
        observations.*,
        periods.period_number
    from {{ ref('int_survey_observations') }} as observations
    inner join {{ ref('int_periods') }} as periods
        on observations.occurred_on = periods.day
    qualify
        observations.mode <> 'relationship'
        or row_number() over (
            partition by
                observations.metric,
                observations.mode,
                periods.period_number,
                observations.person
            order by
                observations.responded_at desc, observations.response_key desc
        ) = 1
)

select
    counted.metric,
    counted.mode,
    counted.period_number,
    breakdowns.breakdown_number,
    counted.person,
    counted.value
from counted
inner join {{ ref('int_breakdowns') }} as breakdowns
    on
        counted.profile_number = breakdowns.profile_number
        and breakdowns.family = 'survey'
-- means of questions with different scales are not to be mixed
where
    counted.metric <> 'csat'
    or counted.mode <> 'mean'
    or breakdowns.dimension_1 = 'survey'
