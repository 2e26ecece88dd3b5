-- Time in each status, resolutions and reopenings of a ticket.
with intervals as (
    select
        *,
        (status = 'solved' and coalesce(previous_status, '') <> 'solved')
            as is_solving
    from {{ ref('int_ticket_status_intervals') }}
),

totals as (
    select
        ticket_key,
        sum(seconds) filter (where status in ('new', 'open', 'hold'))
            as requester_wait_seconds,
        sum(seconds) filter (where status = 'pending') as agent_wait_seconds,
        sum(seconds) filter (where status = 'hold') as on_hold_seconds,
        min(started_at) filter (where is_solving) as first_solved_at,
        max(started_at) filter (where is_solving) as last_solved_at,
        min(started_at) filter (where status = 'closed') as closed_at,
        count_if(is_solving) as count_solved_entries,
        count_if(
            previous_status = 'solved'
            and status in ('new', 'open', 'pending', 'hold')
        ) as count_reopens
    from intervals
    group by ticket_key
),

-- `closed` counts as resolution only for a ticket that was never solved
resolved as (
    select
        * exclude (first_solved_at, last_solved_at, closed_at),
        coalesce(first_solved_at, closed_at) as first_solved_at,
        coalesce(last_solved_at, closed_at) as last_solved_at
    from totals
)

select
    tickets.ticket_key,
    cast(coalesce(resolved.requester_wait_seconds, 0) as bigint)
        as requester_wait_seconds,
    cast(coalesce(resolved.agent_wait_seconds, 0) as bigint)
        as agent_wait_seconds,
    cast(coalesce(resolved.on_hold_seconds, 0) as bigint) as on_hold_seconds,
    resolved.first_solved_at,
    case when tickets.is_solved then resolved.last_solved_at end as solved_at,
    {{ seconds_between('tickets.created_at', 'resolved.first_solved_at') }}
        as first_resolution_seconds,
    case
        when tickets.is_solved
            then
                {{ seconds_between(
                    'tickets.created_at', 'resolved.last_solved_at'
                ) }}
    end as full_resolution_seconds,
    resolved.count_reopens,
    greatest(resolved.count_solved_entries - 1, 0) as count_solved_reentries
from {{ ref('int_tickets') }} as tickets
inner join resolved on tickets.ticket_key = resolved.ticket_key
