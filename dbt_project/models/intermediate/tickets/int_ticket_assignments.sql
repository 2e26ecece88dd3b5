-- Changes of assignee and of group: A to B to A is two, nobody to A is none.
with assigned as (
    select
        ticket_id,
        occurred_at,
        sequence,
        assignee_id as value,
        'assignee' as kind
    from {{ ref('int_ticket_child_events') }}
    where assignee_id is not null
    union all
    select
        ticket_id,
        occurred_at,
        sequence,
        group_id as value,
        'group' as kind
    from {{ ref('int_ticket_child_events') }}
    where group_id is not null
),

compared as (
    select
        *,
        lag(value) over (
            partition by ticket_id, kind order by sequence
        ) as previous_value
    from assigned
)

select
    ticket_id,
    min(occurred_at) filter (where kind = 'assignee') as initially_assigned_at,
    max(occurred_at) filter (
        where
        kind = 'assignee' and value is distinct from previous_value
    ) as assigned_at,
    count_if(kind = 'assignee' and value <> previous_value)
        as count_assignee_changes,
    count_if(kind = 'group' and value <> previous_value)
        as count_group_changes
from compared
group by ticket_id
