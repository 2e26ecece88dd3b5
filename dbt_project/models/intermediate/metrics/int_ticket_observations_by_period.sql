-- Observations by period and dimension; the dimension `all` is the whole.
{{ config(materialized='view') }}
with by_period as (
    select
        observations.*,
        period_types.period_type,
        {{ period_start(
            'period_types.period_type', 'observations.occurred_on', 'as_of.as_of'
        ) }} as period_start
    from {{ ref('int_ticket_observations') }} as observations
    cross join {{ ref('as_of') }} as as_of
    cross join {{ period_types() }}
),

dimensions as (
    select *
    from (
        values
        ('all', 'all'), ('channel', 'all'), ('group', 'all'), ('agent', 'all'),
        ('priority', 'all'), ('channel', 'priority')
    ) as dimensions (dimension_1, dimension_2)
)

select
    by_period.metric,
    by_period.mode,
    by_period.period_type,
    by_period.period_start,
    dimensions.dimension_1,
    {{ ticket_dimension('dimensions.dimension_1') }} as value_1,
    dimensions.dimension_2,
    {{ ticket_dimension('dimensions.dimension_2') }} as value_2,
    by_period.value,
    by_period.is_running,
    by_period.is_duration
from by_period
cross join dimensions
where by_period.period_start is not null
