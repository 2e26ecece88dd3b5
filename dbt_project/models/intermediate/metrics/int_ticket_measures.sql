-- Tickets that count for metrics, with whole seconds and their dimensions.
with measures as (
    select
        tickets.ticket_key,
        cast(tickets.created_at as date) as occurred_on,
        tickets.channel,
        tickets.group_key,
        tickets.agent_key,
        tickets.priority,
        tickets.is_phone_call,
        tickets.is_solved,
        tickets.is_open,
        durations.ticket_key is not null as is_timeline_known,
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
        on tickets.ticket_key = durations.ticket_key
    left join {{ ref('int_ticket_replies') }} as replies
        on tickets.ticket_key = replies.ticket_key
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
