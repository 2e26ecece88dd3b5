with received as (
    select
        {{ envelope_columns() }},
        op = 'delete' as is_removed,
        {{ record_of('{
            "properties": {
                "hubspot_owner_id": "VARCHAR", "hs_call_direction": "VARCHAR",
                "hs_call_disposition": "VARCHAR",
                "hs_call_duration": "VARCHAR", "hs_timestamp": "VARCHAR",
                "hs_merged_object_ids": "VARCHAR"
            },
            "archived": "VARCHAR", "createdAt": "VARCHAR",
            "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'calls') }}
),

typed as (
    select
        *,
        _key as call_id,
        {{ not_blank('record.properties.hubspot_owner_id') }} as owner_id,
        {{ not_blank('record.properties.hs_call_direction') }} as direction,
        {{ not_blank('record.properties.hs_call_disposition') }}
            as disposition_id,
        {{ split_values('record.properties.hs_merged_object_ids') }}
            as merged_ids,
        {{ typed('record.properties.hs_call_duration', 'bigint') }}
            as duration_ms,
        is_removed or coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_deleted,
        {{ utc_or_epoch_ms('record.properties.hs_timestamp') }} as happened_at,
        {{ utc_or_epoch_ms('record.createdAt') }} as created_at,
        {{ utc_or_epoch_ms('record.updatedAt') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'duration_ms': not_blank('record.properties.hs_call_duration'),
        'happened_at': not_blank('record.properties.hs_timestamp'),
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
    },
    required=['happened_at', 'created_at', 'updated_at'],
) }}
