-- What happened to Zendesk tickets, in order, up to the release's as_of.
with audits as (
    select
        {{ surrogate_key(["'zendesk'", 'events.ticket_id']) }} as ticket_key,
        events.ticket_id,
        events.event_id,
        events.updater_id,
        events.created_at as occurred_at,
        events.child_events,
        list_contains(
            list_transform(events.child_events, lambda child: child.event_type),
            'Create'
        ) as is_opening
    from {{ ref('stg_zendesk__ticket_events') }} as events
    cross join {{ ref('as_of') }} as as_of
    where events.created_at <= as_of.as_of
),

children as (
    select
        * exclude (child_events),
        unnest(child_events) as child,
        generate_subscripts(child_events, 1) as position
    from audits
)

select
    ticket_key,
    ticket_id,
    event_id,
    position,
    occurred_at,
    updater_id,
    is_opening,
    child.id as child_id,
    child.event_type,
    child.status,
    child.assignee_id,
    child.group_id,
    child.author_id,
    try_cast(child.public as boolean) as is_public,
    case when child.status is not null then child.previous_value end
        as previous_status,
    -- one total order for events of the same second
    row_number() over (
        partition by ticket_id
        order by occurred_at, try_cast(event_id as hugeint), event_id, position
    ) as sequence
from children
