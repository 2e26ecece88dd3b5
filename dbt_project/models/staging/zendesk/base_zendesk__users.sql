with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "name": "VARCHAR", "email": "VARCHAR", "phone": "VARCHAR",
            "role": "VARCHAR", "organization_id": "VARCHAR",
            "external_id": "VARCHAR", "default_group_id": "VARCHAR",
            "time_zone": "VARCHAR", "locale": "VARCHAR", "active": "VARCHAR",
            "tags": "JSON",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'users') }}
),

typed as (
    select
        *,
        _key as user_id,
        record.organization_id,
        record.external_id,
        record.default_group_id,
        record.name,
        record.email,
        record.phone,
        record.role,
        record.time_zone,
        record.locale,
        try_cast(record.active as boolean) as is_active,
        from_json(record.tags, '["VARCHAR"]') as tags,
        coalesce(
            list_has_any(
                from_json(record.tags, '["VARCHAR"]'),
                {{ var('bot_tags') | list }}
            ),
            false
        ) as is_bot,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'is_active': 'record.active',
        'tags': 'record.tags',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['role', 'created_at', 'updated_at'],
) }}
