-- Public agent comments; the one that opens a ticket is no reply.
select
    tickets.ticket_id,
    count(comments.comment_id) as count_replies,
    min(comments.occurred_at) as first_replied_at,
    {{ seconds_between(
        'any_value(tickets.created_at)', 'min(comments.occurred_at)'
    ) }}
        as first_reply_seconds
from {{ ref('int_tickets') }} as tickets
inner join {{ ref('int_ticket_durations') }} as known
    on tickets.ticket_id = known.ticket_id
left join {{ ref('int_ticket_comments') }} as comments
    on
        tickets.ticket_id = comments.ticket_id
        and comments.is_public
        and not comments.is_opening
        and comments.author_role = 'agent'
group by tickets.ticket_id
