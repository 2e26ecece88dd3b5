-- Changes of assignee and of group: A to B to A is two, nobody to A is none.
with compared as (
    select
        *,
        lag(value) over (
            partition by ticket_key, kind order by sequence
        ) as previous
    from {{ ref('int_ticket_changes') }}
    where kind in ('assignee', 'group')
)

select
    ticket_key,
    min(occurred_at) filter (where kind = 'assignee') as initially_assigned_at,
    max(occurred_at) filter (
        where
        kind = 'assignee' and value is distinct from previous
    ) as assigned_at,
    count_if(kind = 'assignee' and value <> previous) as count_assignee_changes,
    count_if(kind = 'group' and value <> previous) as count_group_changes
from compared
group by ticket_key
