with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "ticket_id": "VARCHAR", "requester_id": "VARCHAR",
            "assignee_id": "VARCHAR", "group_id": "VARCHAR", "url": "VARCHAR",
            "score": "VARCHAR", "comment": "VARCHAR", "reason": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'satisfaction_ratings') }}
),

typed as (
    select
        *,
        _key as rating_id,
        record.ticket_id,
        record.requester_id,
        record.assignee_id,
        record.group_id,
        record.score,
        record.comment,
        record.reason,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['ticket_id', 'score', 'created_at', 'updated_at'],
) }}
