-- Answers from files on their scales, high is good.
with scaled as (
    select
        * exclude (scale_min, scale_max),
        {{ scale_min() }} as scale_min,
        {{ scale_max() }} as scale_max
    from {{ ref('stg_files__survey_answers') }}
)

select
    source,
    record_id,
    response_id,
    survey_id,
    coalesce(survey_name, survey_id) as survey_name,
    coalesce(question_id, 'answer') as question_id,
    customer_id,
    ticket_id,
    coalesce(ticket_source, source) as ticket_source,
    {{ surrogate_key(['coalesce(ticket_source, source)', 'ticket_id']) }}
        as ticket_key,
    {{ surrogate_key(['source', 'agent_id']) }} as agent_key,
    url,
    survey_type,
    coalesce(program, 'relational') as program,
    answer_text,
    channel,
    language,
    cast(
        case when is_reversed then scale_min + scale_max - score else score end
        as integer
    ) as score,
    cast(scale_min as integer) as scale_min,
    cast(scale_max as integer) as scale_max,
    coalesce(is_reversed, false) as is_reversed,
    coalesce(is_partial, false) as is_partial,
    is_deleted,
    coalesce(is_test, false) as is_test,
    responded_at
from scaled
