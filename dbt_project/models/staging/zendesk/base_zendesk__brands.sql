with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "name": "VARCHAR", "subdomain": "VARCHAR", "active": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'brands') }}
),

typed as (
    select
        *,
        _key as brand_id,
        record.name,
        record.subdomain,
        {{ typed('record.active', 'boolean') }} as is_active,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'is_active': 'record.active',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
    },
    required=['name'],
) }}
