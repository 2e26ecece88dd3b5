-- Tickets known at as_of with their customer and the flags that metrics heed.
select
    tickets.*,
    {{ surrogate_key(["'zendesk'", 'tickets.ticket_id']) }} as ticket_key,
    customer_keys.customer_key,
    as_of.as_of,
    regexp_replace(
        tickets.url, '/api/v2/tickets/([0-9]+)(\.json)?$', '/agent/tickets/\1'
    ) as source_url,
    coalesce(tickets.channel in ('voice', 'phone'), false) as is_phone_call,
    coalesce(
        submitters.role in ('agent', 'admin')
        and tickets.submitter_id <> tickets.requester_id,
        false
    ) as is_agent_opened,
    tickets.status in ('solved', 'closed') as is_solved,
    tickets.status in ('new', 'open', 'pending', 'hold') as is_open,
    tickets.status = 'deleted' as is_deleted,
    coalesce(list_contains(tickets.tags, 'closed_by_merge'), false)
        as is_merged,
    coalesce(
        list_has_any(tickets.tags, {{ var('test_tags') | list }}), false
    ) as is_test
from {{ ref('stg_zendesk__tickets') }} as tickets
cross join {{ ref('as_of') }} as as_of
left join {{ source('identity', 'customer_keys') }} as customer_keys
    on
        tickets.requester_id = customer_keys.source_id
        and customer_keys.source = 'zendesk'
left join {{ ref('stg_zendesk__users') }} as submitters
    on tickets.submitter_id = submitters.user_id
where tickets.created_at <= as_of.as_of
