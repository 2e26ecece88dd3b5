with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "url": "VARCHAR", "via": {"channel": "VARCHAR"},
            "type": "VARCHAR", "priority": "VARCHAR", "status": "VARCHAR",
            "requester_id": "VARCHAR", "submitter_id": "VARCHAR",
            "assignee_id": "VARCHAR", "organization_id": "VARCHAR",
            "group_id": "VARCHAR", "brand_id": "VARCHAR", "tags": "JSON",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'tickets') }}
),

typed as (
    select
        *,
        _key as ticket_id,
        record.requester_id,
        record.submitter_id,
        record.assignee_id,
        record.organization_id,
        record.group_id,
        record.brand_id,
        record.url,
        record.via.channel,
        record.type,
        record.priority,
        record.status,
        from_json(record.tags, '["VARCHAR"]') as tags,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'tags': 'record.tags',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['status', 'created_at', 'updated_at'],
) }}
