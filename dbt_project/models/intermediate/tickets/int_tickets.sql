-- Tickets known at as_of, from every helpdesk, with their customer and the
-- flags that metrics heed.
with zendesk_tickets as (
    select
        'zendesk' as source,
        ticket_id,
        requester_id,
        submitter_id,
        assignee_id,
        group_id,
        organization_id as account_id,
        regexp_replace(
            url, '/api/v2/tickets/([0-9]+)(\.json)?$', '/agent/tickets/\1'
        ) as source_url,
        channel,
        type,
        priority,
        status,
        tags,
        false as is_merged,
        false as is_test,
        created_at,
        updated_at
    from {{ ref('stg_zendesk__tickets') }}
),

file_tickets as (
    select
        source,
        ticket_id,
        requester_id,
        submitter_id,
        assignee_id,
        group_id,
        account_id,
        url as source_url,
        channel,
        type,
        priority,
        case when is_deleted then 'deleted' else status end as status,
        tags,
        merged_into_id is not null as is_merged,
        coalesce(is_test, false) as is_test,
        created_at,
        updated_at
    from {{ ref('stg_files__tickets') }}
),

tickets as (
    select * from zendesk_tickets
    union all
    select * from file_tickets
)

select
    tickets.* exclude (is_merged, is_test),
    {{ surrogate_key(['tickets.source', 'tickets.ticket_id']) }} as ticket_key,
    {{ surrogate_key(['tickets.source', 'tickets.assignee_id']) }} as agent_key,
    {{ surrogate_key(['tickets.source', 'tickets.group_id']) }} as group_key,
    customer_keys.customer_key,
    as_of.as_of,
    coalesce(tickets.channel in ('voice', 'phone'), false) as is_phone_call,
    coalesce(
        submitters.agent_id is not null
        and tickets.submitter_id <> tickets.requester_id,
        false
    ) as is_agent_opened,
    tickets.status in ('solved', 'closed') as is_solved,
    tickets.status in ('new', 'open', 'pending', 'hold') as is_open,
    tickets.status = 'deleted' as is_deleted,
    -- what Zendesk says of a merged ticket, which its exports keep
    tickets.is_merged
    or coalesce(list_contains(tickets.tags, 'closed_by_merge'), false)
        as is_merged,
    tickets.is_test or coalesce(
        list_has_any(tickets.tags, {{ var('test_tags') | list }}), false
    ) as is_test
from tickets
cross join {{ ref('as_of') }} as as_of
left join {{ source('identity', 'customer_keys') }} as customer_keys
    on
        tickets.requester_id = customer_keys.source_id
        and tickets.source = customer_keys.source
left join {{ ref('int_agents') }} as submitters
    on
        tickets.submitter_id = submitters.agent_id
        and tickets.source = submitters.source
where tickets.created_at <= as_of.as_of
