-- Tickets that count for metrics, with whole seconds and their dimensions.
with measures as (
    select
        tickets.ticket_key,
        cast(tickets.created_at as date) as occurred_on,
        tickets.channel,
        {{ surrogate_key(["'zendesk'", 'tickets.group_id']) }} as group_key,
        {{ surrogate_key(["'zendesk'", 'tickets.assignee_id']) }} as agent_key,
        tickets.priority,
        tickets.is_phone_call,
        tickets.is_solved,
        tickets.is_open,
        durations.ticket_id is not null as is_timeline_known,
        durations.first_solved_at is not null as is_ever_solved,
        {{ seconds_between('tickets.created_at', 'tickets.as_of') }}
            as age_seconds,
        replies.first_reply_seconds,
        replies.count_replies,
        durations.first_resolution_seconds,
        durations.full_resolution_seconds,
        durations.requester_wait_seconds,
        durations.agent_wait_seconds,
        durations.on_hold_seconds,
        durations.count_reopens,
        durations.count_solved_reentries
    from {{ ref('int_tickets') }} as tickets
    left join {{ ref('int_ticket_durations') }} as durations
        on tickets.ticket_id = durations.ticket_id
    left join {{ ref('int_ticket_replies') }} as replies
        on tickets.ticket_id = replies.ticket_id
    where
        not tickets.is_deleted
        and not tickets.is_merged
        and not tickets.is_test
)

select
    *,
    -- tickets that are alike in every dimension share a number
    cast(
        dense_rank() over (order by channel, group_key, agent_key, priority)
        as integer
    ) as profile_number
from measures
