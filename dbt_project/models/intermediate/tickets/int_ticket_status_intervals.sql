-- Every stretch of a ticket's life in one status; the last one ends at as_of.
with changes as (
    select
        ticket_key,
        occurred_at,
        sequence,
        value as status,
        previous_value as previous_status
    from {{ ref('int_ticket_changes') }}
    where kind = 'status'
),

first_changes as (
    select
        ticket_key,
        min(occurred_at) as occurred_at,
        arg_min(previous_status, sequence) as previous_status
    from changes
    group by ticket_key
),

-- audits that begin after the ticket did: the life before them is the old value
all_changes as (
    select
        ticket_key,
        occurred_at,
        sequence,
        status
    from changes
    union all
    select
        tickets.ticket_key,
        tickets.created_at as occurred_at,
        0 as sequence,
        first_changes.previous_status as status
    from {{ ref('int_tickets') }} as tickets
    inner join first_changes
        on tickets.ticket_key = first_changes.ticket_key
    where
        first_changes.occurred_at > tickets.created_at
        and first_changes.previous_status is not null
),

ordered as (
    select
        all_changes.ticket_key,
        all_changes.status,
        all_changes.sequence,
        greatest(all_changes.occurred_at, tickets.created_at) as started_at,
        tickets.as_of,
        lag(all_changes.status) over life as previous_status,
        lead(greatest(all_changes.occurred_at, tickets.created_at)) over life
            as next_started_at
    from all_changes
    inner join {{ ref('int_tickets') }} as tickets
        on all_changes.ticket_key = tickets.ticket_key
    window life as (
        partition by all_changes.ticket_key
        order by all_changes.occurred_at, all_changes.sequence
    )
)

select
    ticket_key,
    status,
    previous_status,
    sequence,
    started_at,
    coalesce(next_started_at, as_of) as ended_at,
    next_started_at is null as is_current,
    {{ seconds_between('started_at', 'coalesce(next_started_at, as_of)') }}
        as seconds
from ordered
