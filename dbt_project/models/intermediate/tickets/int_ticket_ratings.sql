-- Answered satisfaction ratings; re-ratings are kept, the last one is marked.
with answered as (
    select
        ratings.*,
        cast(ratings.score like 'good%' as integer) as is_satisfied
    from {{ ref('stg_zendesk__satisfaction_ratings') }} as ratings
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
