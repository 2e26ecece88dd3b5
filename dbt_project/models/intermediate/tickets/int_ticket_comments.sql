-- Every comment with the role of its author at the ticket.
with zendesk_comments as (
    select
        'zendesk' as source,
        ticket_key,
        child_id as comment_id,
        author_id,
        null as author_role,
        coalesce(is_public, false) as is_public,
        is_opening,
        sequence,
        occurred_at
    from {{ ref('int_ticket_child_events') }}
    where event_type = 'Comment'
),

file_comments as (
    select
        comments.source,
        {{ surrogate_key(['comments.source', 'comments.ticket_id']) }}
            as ticket_key,
        comments.comment_id,
        comments.author_id,
        comments.author_role,
        coalesce(comments.is_public, true) as is_public,
        comments.is_opening,
        row_number() over (
            partition by comments.source, comments.ticket_id
            order by
                comments.occurred_at,
                comments.position,
                try_cast(comments.comment_id as hugeint),
                comments.comment_id
        ) as sequence,
        comments.occurred_at
    from {{ ref('stg_files__ticket_comments') }} as comments
    cross join {{ ref('as_of') }} as as_of
    where not comments.is_deleted and comments.occurred_at <= as_of.as_of
),

comments as (
    select * from zendesk_comments
    union all
    -- where a file does not say which message opened the ticket, the first did
    select * replace (coalesce(is_opening, sequence = 1) as is_opening)
    from file_comments
)

select
    comments.source,
    comments.ticket_key,
    comments.comment_id,
    comments.author_id,
    comments.occurred_at,
    comments.sequence,
    comments.is_public,
    comments.is_opening,
    case
        when comments.author_role is not null then comments.author_role
        when comments.author_id = tickets.requester_id then 'customer'
        when authors.role = 'bot' then 'bot'
        when authors.role is not null then 'agent'
        when customers.source_id is not null then 'customer'
        when comments.author_id = '-1' then 'system'
        else 'unknown'
    end as author_role
from comments
inner join {{ ref('int_tickets') }} as tickets
    on comments.ticket_key = tickets.ticket_key
left join {{ ref('int_agents') }} as authors
    on
        comments.source = authors.source
        and comments.author_id = authors.agent_id
left join {{ ref('customer_records') }} as customers
    on
        comments.source = customers.source
        and comments.author_id = customers.source_id
        and customers.is_person
where comments.occurred_at >= tickets.created_at
