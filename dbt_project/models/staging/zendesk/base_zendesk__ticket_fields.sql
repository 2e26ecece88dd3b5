with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "type": "VARCHAR", "title": "VARCHAR", "active": "VARCHAR",
            "removable": "VARCHAR", "created_at": "VARCHAR",
            "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'ticket_fields') }}
),

typed as (
    select
        *,
        _key as field_id,
        record.type as field_type,
        record.title,
        {{ typed('record.active', 'boolean') }} as is_active,
        -- the vendor's own fields cannot be removed
        {{ typed('record.removable', 'boolean') }} as is_custom,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'is_active': 'record.active',
        'is_custom': 'record.removable',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['title'],
) }}
