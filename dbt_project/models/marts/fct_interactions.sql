with messages as (
    select
        {{ surrogate_key(
            ['comments.source', "'comment'", 'comments.comment_id']
        ) }} as interaction_key,
        tickets.customer_key,
        tickets.ticket_key,
        comments.source,
        comments.comment_id as source_id,
        tickets.source_url,
        'message' as kind,
        tickets.channel,
        case
            when comments.author_role = 'customer' then 'inbound' else
                'outbound'
        end
            as direction,
        comments.author_role,
        tickets.is_deleted,
        tickets.is_merged,
        tickets.is_test,
        comments.occurred_at
    from {{ ref('int_ticket_comments') }} as comments
    inner join {{ ref('int_tickets') }} as tickets
        on comments.ticket_key = tickets.ticket_key
    where comments.is_public
),

-- one touch per answered survey, however many questions it had
answers as (
    select
        {{ surrogate_key(["any_value(source)", "'answer'", 'response_id']) }}
            as interaction_key,
        any_value(customer_key) as customer_key,
        any_value(ticket_key) as ticket_key,
        source,
        response_id as source_id,
        any_value(source_url) as source_url,
        'answer' as kind,
        any_value(channel) as channel,
        'inbound' as direction,
        'customer' as author_role,
        bool_or(is_deleted) as is_deleted,
        bool_or(is_merged) as is_merged,
        bool_or(is_test) as is_test,
        max(responded_at) as occurred_at
    from {{ ref('int_survey_answers') }}
    group by source, response_id
),

reviews as (
    select
        {{ surrogate_key(['source', "'review'", 'source_id']) }}
            as interaction_key,
        customer_key,
        null as ticket_key,
        source,
        source_id,
        source_url,
        'review' as kind,
        'review' as channel,
        'inbound' as direction,
        'customer' as author_role,
        is_deleted,
        is_merged,
        is_test,
        reviewed_at as occurred_at
    from {{ ref('fct_reviews') }}
)

select * from messages
union all
select * from answers
union all
select * from reviews
