-- The dimension values that an answer of a survey counts in.
with profiles as (
    select distinct
        profile_number,
        survey_key,
        source
    from {{ ref('int_survey_observations') }}
),

dimensions as (
    select *
    from (values ('all'), ('survey'), ('source')) as dimensions (dimension_1)
),

breakdowns as (
    select
        profiles.profile_number,
        dimensions.dimension_1,
        case dimensions.dimension_1
            when 'all' then 'all'
            when 'survey' then profiles.survey_key
            when 'source' then profiles.source
        end as value_1,
        'all' as dimension_2,
        'all' as value_2
    from profiles
    cross join dimensions
)

select
    *,
    cast(dense_rank() over (order by dimension_1, value_1) as integer)
        as breakdown_number
from breakdowns
