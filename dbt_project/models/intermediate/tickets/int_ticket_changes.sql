-- Changes of a ticket's status, assignee and so on, in order, up to as_of.
with zendesk_changes as (
    {% for kind, value, before in [
        ('status', 'status', 'previous_status'),
        ('assignee', 'assignee_id', 'null'),
        ('group', 'group_id', 'null'),
    ] -%}
    select
        ticket_key,
        occurred_at,
        sequence,
        '{{ kind }}' as kind,
        {{ value }} as value,
        {{ before }} as previous_value
    from {{ ref('int_ticket_child_events') }}
    where {{ value }} is not null
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

file_events as (
    select
        {{ surrogate_key(['events.source', 'events.ticket_id']) }}
            as ticket_key,
        events.kind,
        events.occurred_at,
        row_number() over (
            partition by events.source, events.ticket_id
            order by
                events.occurred_at,
                events.position,
                try_cast(events.event_id as hugeint),
                events.record_id
        ) as sequence,
        case
            when events.kind = 'status' then lower(events.value)
            else events.value
        end as value,
        case
            when events.kind = 'status' then lower(events.previous_value)
            else events.previous_value
        end as previous_value
    from {{ ref('stg_files__ticket_events') }} as events
    cross join {{ ref('as_of') }} as as_of
    where not events.is_deleted and events.occurred_at <= as_of.as_of
),

-- a ticket of which nobody says otherwise began as a new one
file_changes as (
    select
        ticket_key,
        occurred_at,
        sequence,
        kind,
        value,
        coalesce(
            previous_value,
            lag(value) over (
                partition by ticket_key, kind order by sequence
            ),
            case when kind = 'status' then 'new' end
        ) as previous_value
    from file_events
    where value is not null
)

select * from zendesk_changes
union all
select * from file_changes
