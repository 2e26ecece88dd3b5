-- The answers that count for NPS, CSAT and CES, classified by their own scale.
select
    response_key,
    response_id,
    survey_key,
    customer_key,
    ticket_key,
    agent_key,
    source,
    survey_type,
    score,
    scale_min,
    scale_max,
    responded_at,
    -- who answers: an answer without a person stands for itself
    coalesce(customer_key, 'anonymous ' || response_key) as person,
    case
        when survey_type = 'CSAT'
            then {{ is_satisfied('score', 'scale_min', 'scale_max') }}
    end as is_satisfied,
    2 * score = scale_min + scale_max as is_neutral
from {{ ref('int_survey_answers') }}
where
    survey_type in ('NPS', 'CSAT', 'CES')
    and score is not null
    and program <> 'research'
    and is_latest
    and not is_partial
    and not is_deleted
    and not is_merged
    and not is_test
