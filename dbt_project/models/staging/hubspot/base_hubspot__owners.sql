with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "email": "VARCHAR", "firstName": "VARCHAR", "lastName": "VARCHAR",
            "type": "VARCHAR", "archived": "VARCHAR", "createdAt": "VARCHAR",
            "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'owners') }}
),

typed as (
    select
        *,
        _key as owner_id,
        record.email,
        record.type,
        {{ not_blank("concat_ws(' ', record.firstName, record.lastName)") }}
            as name,
        coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_archived,
        {{ utc_or_epoch_ms('record.createdAt') }} as created_at,
        {{ utc_or_epoch_ms('record.updatedAt') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
    },
) }}
