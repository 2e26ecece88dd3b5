-- Answered satisfaction ratings, of the older and the newer survey; re-ratings
-- are kept, the last one is marked.
with ratings as (
    select
        rating_id,
        ticket_id,
        assignee_id,
        score,
        comment,
        updated_at,
        'satisfaction_ratings' as survey_id
    from {{ ref('stg_zendesk__satisfaction_ratings') }}
    union all
    select
        response_id,
        ticket_id,
        null as assignee_id,
        rating_category,
        comment,
        updated_at,
        'survey_responses' as survey_id
    from {{ ref('stg_zendesk__survey_responses') }}
),

answered as (
    select
        ratings.*,
        cast(ratings.score like 'good%' as integer) as is_satisfied
    from ratings
    cross join {{ ref('as_of') }} as as_of
    where
        (ratings.score like 'good%' or ratings.score like 'bad%')
        and ratings.updated_at <= as_of.as_of
)

select
    *,
    row_number() over (
        partition by ticket_id
        order by updated_at desc, try_cast(rating_id as hugeint) desc, rating_id
    ) = 1 as is_latest
from answered
