with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "name": "VARCHAR", "description": "VARCHAR", "deleted": "VARCHAR",
            "created_at": "VARCHAR", "updated_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'groups') }}
),

typed as (
    select
        *,
        _key as group_id,
        record.name,
        record.description,
        coalesce(try_cast(record.deleted as boolean), false) as is_deleted_flag,
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
    required=['name', 'created_at'],
) }}
