with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "ticket_id": "VARCHAR", "updater_id": "VARCHAR",
            "created_at": "VARCHAR", "child_events": "JSON"
        }') }}
    from {{ source('zendesk', 'ticket_events') }}
),

typed as (
    select
        *,
        _key as event_id,
        record.ticket_id,
        record.updater_id,
        {{ utc('record.created_at') }} as created_at,
        from_json(record.child_events, '[{
            "id": "VARCHAR", "event_type": "VARCHAR", "status": "VARCHAR",
            "assignee_id": "VARCHAR", "group_id": "VARCHAR",
            "priority": "VARCHAR", "previous_value": "VARCHAR",
            "author_id": "VARCHAR", "public": "VARCHAR"
        }]') as child_events
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'created_at': 'record.created_at',
        'child_events': 'record.child_events',
    },
    required=['ticket_id', 'created_at'],
) }}
