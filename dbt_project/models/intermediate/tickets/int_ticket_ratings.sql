-- Answered satisfaction ratings, of Zendesk's older and newer survey and of
-- files; re-ratings are kept, the last one is marked.
with zendesk_ratings as (
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

ratings as (
    select
        'zendesk' as source,
        rating_id,
        {{ surrogate_key(["'zendesk'", 'ticket_id']) }} as ticket_key,
        survey_id,
        {{ surrogate_key(["'zendesk'", 'assignee_id']) }} as agent_key,
        comment,
        cast(score like 'good%' as integer) as is_satisfied,
        updated_at
    from zendesk_ratings
    where score like 'good%' or score like 'bad%'
    union all
    select
        source,
        record_id as rating_id,
        ticket_key,
        survey_id,
        agent_key,
        answer_text as comment,
        cast({{ is_satisfied('score', 'scale_min', 'scale_max') }} as integer)
            as is_satisfied,
        responded_at as updated_at
    from {{ ref('int_file_answers') }}
    where
        survey_type = 'CSAT'
        and score is not null
        and ticket_source = source
        and not is_deleted
        and not is_partial
)

select
    ratings.*,
    row_number() over (
        partition by ratings.ticket_key
        order by
            ratings.updated_at desc,
            try_cast(ratings.rating_id as hugeint) desc,
            ratings.rating_id
    ) = 1 as is_latest
from ratings
cross join {{ ref('as_of') }} as as_of
where ratings.updated_at <= as_of.as_of
