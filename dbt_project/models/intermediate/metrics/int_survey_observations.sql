-- One row per counted answer and metric.
with scores as (
    select
        *,
        cast(responded_at as date) as occurred_on,
        scale_max - scale_min + 1 as scale_width
    from {{ ref('int_survey_scores') }}
),

observations as (
    select
        *,
        'csat' as metric,
        'all_rated' as mode,
        cast(is_satisfied as integer) as value
    from scores
    where survey_type = 'CSAT'
    union all
    select
        *,
        'csat' as metric,
        'rated_polar' as mode,
        cast(is_satisfied as integer) as value
    from scores
    where survey_type = 'CSAT' and not is_neutral
    union all
    select
        *,
        'csat' as metric,
        'mean' as mode,
        score as value
    from scores
    where survey_type = 'CSAT'
    union all
    select
        scores.*,
        'nps' as metric,
        modes.mode,
        case when score >= 9 then 1 when score >= 7 then 0 else -1 end as value
    from scores
    cross join (values ('relationship'), ('transactional')) as modes (mode)
    where survey_type = 'NPS'
    union all
    select
        *,
        'ces' as metric,
        'agreement' as mode,
        cast(score >= case scale_width when 7 then 5 else 4 end as integer)
            as value
    from scores
    where survey_type = 'CES' and scale_width in (5, 7)
    union all
    select
        *,
        'ces' as metric,
        'mean' as mode,
        score as value
    from scores
    where survey_type = 'CES' and scale_width = 7
    union all
    select
        *,
        'ces' as metric,
        'net_easy' as mode,
        case when score >= 6 then 1 when score >= 4 then 0 else -1 end as value
    from scores
    where survey_type = 'CES' and scale_width = 7
)

select
    response_key,
    metric,
    mode,
    occurred_on,
    responded_at,
    person,
    survey_key,
    source,
    cast(dense_rank() over (order by survey_key, source) as integer)
        as profile_number,
    cast(value as bigint) as value
from observations
