with tickets as (select * from {{ ref('int_tickets') }}),

durations as (select * from {{ ref('int_ticket_durations') }}),

replies as (select * from {{ ref('int_ticket_replies') }}),

assignments as (select * from {{ ref('int_ticket_assignments') }}),

ratings as (
    select * from {{ ref('int_ticket_ratings') }}
    where is_latest
)

select
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.customer_key,
    coalesce(organizations.account_key, customers.account_key) as account_key,
    tickets.agent_key,
    tickets.group_key,
    tickets.source,
    tickets.ticket_id as source_id,
    tickets.source_url,
    tickets.priority,
    tickets.status,
    tickets.channel,
    ratings.is_satisfied as csat,
    case
        when not tickets.is_phone_call
            then {{ minutes('replies.first_reply_seconds') }}
    end as first_reply_time_calendar_minutes,
    {{ minutes('replies.first_reply_seconds') }}
        as first_reply_time_calendar_vendor_minutes,
    {{ minutes('durations.first_resolution_seconds') }}
        as first_resolution_time_calendar_minutes,
    {{ minutes('durations.full_resolution_seconds') }}
        as full_resolution_time_calendar_minutes,
    {{ minutes('durations.requester_wait_seconds') }}
        as requester_wait_time_calendar_minutes,
    {{ minutes('durations.agent_wait_seconds') }}
        as agent_wait_time_calendar_minutes,
    {{ minutes('durations.on_hold_seconds') }}
        as on_hold_time_calendar_minutes,
    cast(replies.count_replies as integer) as count_replies,
    cast(durations.count_reopens as integer) as count_reopens,
    cast(durations.count_solved_reentries as integer) as count_solved_reentries,
    cast(case
        when durations.ticket_key is not null
            then coalesce(assignments.count_assignee_changes, 0)
    end as integer) as count_assignee_changes,
    cast(case
        when durations.ticket_key is not null
            then coalesce(assignments.count_group_changes, 0)
    end as integer) as count_group_changes,
    case when tickets.is_solved then replies.count_replies <= 1 end
        as is_one_touch,
    tickets.is_agent_opened,
    tickets.is_phone_call,
    tickets.is_deleted,
    tickets.is_merged,
    tickets.is_test,
    tickets.created_at,
    assignments.initially_assigned_at,
    assignments.assigned_at,
    durations.first_solved_at,
    durations.solved_at,
    -- where a file does not say
    coalesce(
        tickets.updated_at,
        greatest(
            tickets.created_at, assignments.assigned_at, durations.solved_at
        )
    ) as updated_at
from tickets
left join durations on tickets.ticket_key = durations.ticket_key
left join replies on tickets.ticket_key = replies.ticket_key
left join assignments on tickets.ticket_key = assignments.ticket_key
left join ratings on tickets.ticket_key = ratings.ticket_key
left join {{ ref('int_account_members') }} as organizations
    on
        tickets.account_id = organizations.source_id
        and tickets.source = organizations.source
left join {{ ref('int_customer_accounts') }} as customers
    on tickets.customer_key = customers.customer_key
