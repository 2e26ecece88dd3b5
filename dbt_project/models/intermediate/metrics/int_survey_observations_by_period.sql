-- Answers by period and dimension; relationship NPS keeps each person's last.
with by_period as (
    select
        observations.*,
        period_types.period_type,
        {{ period_start(
            'period_types.period_type', 'observations.occurred_on', 'as_of.as_of'
        ) }} as period_start
    from {{ ref('int_survey_observations') }} as observations
    cross join {{ ref('as_of') }} as as_of
    cross join {{ period_types() }}
),

counted as (
    select *
    from by_period
    where period_start is not null
    qualify
        mode <> 'relationship'
        or row_number() over (
            partition by metric, mode, period_type, period_start, person
            order by responded_at desc, response_key desc
        ) = 1
),

dimensions as (
    select *
    from (values ('all'), ('survey'), ('source')) as dimensions (dimension_1)
)

select
    counted.metric,
    counted.mode,
    counted.period_type,
    counted.period_start,
    dimensions.dimension_1,
    case dimensions.dimension_1
        when 'all' then 'all'
        when 'survey' then counted.survey_key
        when 'source' then counted.source
    end as value_1,
    'all' as dimension_2,
    'all' as value_2,
    counted.person,
    counted.value
from counted
cross join dimensions
-- means of questions with different scales are not to be mixed
where
    counted.metric <> 'csat'
    or counted.mode <> 'mean'
    or dimensions.dimension_1 = 'survey'
