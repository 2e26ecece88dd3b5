-- Answers from every survey source in one shape, accepted ones only.
with typeform_answers as (
    select
        'typeform' as source,
        responses.response_id,
        responses.form_id as survey_id,
        answers.question_ref as question_id,
        coalesce(customer_keys.customer_key, tickets.customer_key)
            as customer_key,
        tickets.ticket_key,
        tickets.agent_key,
        forms.url as source_url,
        answers.survey_type,
        answers.program,
        cast(answers.score as integer) as score,
        answers.scale_min,
        answers.scale_max,
        answers.is_reversed,
        answers.answer_text,
        forms.language,
        'survey' as channel,
        responses.submitted_at is null as is_partial,
        false as is_deleted,
        false as is_merged,
        coalesce(tickets.is_test, false) as is_test,
        coalesce(responses.submitted_at, responses.landed_at) as responded_at
    from {{ ref('survey_answers_judged') }} as answers
    inner join {{ ref('stg_typeform__responses') }} as responses
        on answers.response_id = responses.response_id
    inner join {{ ref('stg_typeform__forms') }} as forms
        on responses.form_id = forms.form_id
    left join {{ source('identity', 'customer_keys') }} as customer_keys
        on
            responses.response_id = customer_keys.source_id
            and customer_keys.source = 'typeform'
    left join {{ ref('int_tickets') }} as tickets
        on
            responses.hidden_ticket_id = tickets.ticket_id
            and tickets.source = 'zendesk'
    where answers._reason is null
),

zendesk_ratings as (
    select
        'zendesk' as source,
        ratings.rating_id as response_id,
        ratings.survey_id,
        'satisfaction_rating' as question_id,
        tickets.customer_key,
        tickets.ticket_key,
        coalesce(ratings.agent_key, tickets.agent_key) as agent_key,
        tickets.source_url,
        'CSAT' as survey_type,
        'transactional' as program,
        ratings.is_satisfied as score,
        0 as scale_min,
        1 as scale_max,
        false as is_reversed,
        ratings.comment as answer_text,
        null as language,
        tickets.channel,
        false as is_partial,
        tickets.is_deleted,
        tickets.is_merged,
        tickets.is_test,
        ratings.updated_at as responded_at
    from {{ ref('int_ticket_ratings') }} as ratings
    inner join {{ ref('int_tickets') }} as tickets
        on ratings.ticket_key = tickets.ticket_key
    where ratings.source = 'zendesk'
),

-- an answer that the helpdesk itself asked for shares the fate of its ticket
file_answers as (
    select
        answers.source,
        answers.response_id,
        answers.survey_id,
        answers.question_id,
        coalesce(
            customers.customer_key,
            respondents.customer_key,
            tickets.customer_key
        ) as customer_key,
        tickets.ticket_key,
        coalesce(answers.agent_key, tickets.agent_key) as agent_key,
        answers.url as source_url,
        answers.survey_type,
        answers.program,
        answers.score,
        answers.scale_min,
        answers.scale_max,
        answers.is_reversed,
        answers.answer_text,
        answers.language,
        coalesce(answers.channel, tickets.channel, 'survey') as channel,
        answers.is_partial,
        answers.is_deleted
        or coalesce(
            tickets.is_deleted and answers.ticket_source = answers.source, false
        ) as is_deleted,
        coalesce(
            tickets.is_merged and answers.ticket_source = answers.source, false
        ) as is_merged,
        answers.is_test or coalesce(tickets.is_test, false) as is_test,
        answers.responded_at
    from {{ ref('int_file_answers') }} as answers
    left join {{ ref('int_tickets') }} as tickets
        on answers.ticket_key = tickets.ticket_key
    left join {{ source('identity', 'customer_keys') }} as customers
        on
            answers.source = customers.source
            and answers.customer_id = customers.source_id
    left join {{ source('identity', 'customer_keys') }} as respondents
        on
            answers.source = respondents.source
            and 'response:' || answers.response_id = respondents.source_id
),

answers as (
    select * from typeform_answers
    union all by name
    select * from zendesk_ratings
    union all by name
    select * from file_answers
)

select
    answers.*,
    {{ surrogate_key(
        ['answers.source', 'answers.response_id', 'answers.question_id']
    ) }} as response_key,
    {{ surrogate_key(['answers.source', 'answers.survey_id']) }} as survey_key,
    {{ surrogate_key(
        ['answers.source', 'answers.survey_id', 'answers.question_id']
    ) }} as question_key,
    -- a ticket that is rated again counts by its last rating
    row_number() over (
        partition by
            answers.source,
            answers.survey_id,
            answers.question_id,
            answers.is_partial,
            coalesce(answers.ticket_key, 'response ' || answers.response_id)
        order by answers.responded_at desc, answers.response_id desc
    ) = 1 as is_latest
from answers
cross join {{ ref('as_of') }} as as_of
where answers.responded_at <= as_of.as_of
