-- Public agent comments; the one that opens a ticket is no reply.
select
    tickets.ticket_key,
    count(comments.comment_id) as count_replies,
    min(comments.occurred_at) as first_replied_at,
    {{ seconds_between(
        'any_value(tickets.created_at)', 'min(comments.occurred_at)'
    ) }}
        as first_reply_seconds
from {{ ref('int_tickets') }} as tickets
inner join {{ ref('int_ticket_durations') }} as known
    on tickets.ticket_key = known.ticket_key
left join {{ ref('int_ticket_comments') }} as comments
    on
        tickets.ticket_key = comments.ticket_key
        and comments.is_public
        and not comments.is_opening
        and comments.author_role = 'agent'
group by tickets.ticket_key
