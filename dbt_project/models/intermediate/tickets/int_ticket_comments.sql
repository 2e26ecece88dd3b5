-- Every comment with the role of its author at the ticket.
select
    events.ticket_id,
    events.child_id as comment_id,
    events.author_id,
    events.occurred_at,
    events.sequence,
    coalesce(events.is_public, false) as is_public,
    events.is_opening,
    case
        when events.author_id = tickets.requester_id then 'customer'
        when authors.is_bot then 'bot'
        when authors.role in ('agent', 'admin') then 'agent'
        when authors.role = 'end-user' then 'customer'
        when events.author_id = '-1' then 'system'
        else 'unknown'
    end as author_role
from {{ ref('int_ticket_child_events') }} as events
inner join {{ ref('int_tickets') }} as tickets
    on events.ticket_id = tickets.ticket_id
left join {{ ref('stg_zendesk__users') }} as authors
    on events.author_id = authors.user_id
where
    events.event_type = 'Comment'
    and events.occurred_at >= tickets.created_at
