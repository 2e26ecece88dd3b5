-- The dimension values that a ticket profile counts in; `all` is the whole.
with profiles as (
    select distinct
        profile_number,
        channel,
        group_key,
        agent_key,
        priority
    from {{ ref('int_ticket_measures') }}
),

dimensions as (
    select *
    from (
        values
        ('all', 'all'), ('channel', 'all'), ('group', 'all'), ('agent', 'all'),
        ('priority', 'all'), ('channel', 'priority')
    ) as dimensions (dimension_1, dimension_2)
),

breakdowns as (
    select
        profiles.profile_number,
        dimensions.dimension_1,
        {{ ticket_dimension('dimensions.dimension_1') }} as value_1,
        dimensions.dimension_2,
        {{ ticket_dimension('dimensions.dimension_2') }} as value_2
    from profiles
    cross join dimensions
)

select
    *,
    cast(
        dense_rank() over (order by dimension_1, value_1, dimension_2, value_2)
        as integer
    ) as breakdown_number
from breakdowns
