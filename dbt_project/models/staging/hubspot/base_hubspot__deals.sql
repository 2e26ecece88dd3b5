with received as (
    select
        {{ envelope_columns() }},
        op = 'delete' as is_removed,
        {{ record_of('{
            "properties": {
                "amount": "VARCHAR", "deal_currency_code": "VARCHAR",
                "pipeline": "VARCHAR", "dealstage": "VARCHAR",
                "dealtype": "VARCHAR", "closedate": "VARCHAR",
                "hs_is_closed": "VARCHAR", "hs_is_closed_won": "VARCHAR",
                "hubspot_owner_id": "VARCHAR", "hs_merged_object_ids": "VARCHAR"
            },
            "propertiesWithHistory": {"dealstage": "JSON"},
            "url": "VARCHAR", "archived": "VARCHAR", "createdAt": "VARCHAR",
            "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'deals') }}
),

typed as (
    select
        *,
        _key as deal_id,
        {{ not_blank('record.properties.hubspot_owner_id') }} as owner_id,
        {{ not_blank('record.properties.pipeline') }} as pipeline_id,
        {{ not_blank('record.properties.dealstage') }} as stage_id,
        {{ not_blank('record.properties.dealtype') }} as deal_type,
        {{ split_values('record.properties.hs_merged_object_ids') }}
            as merged_ids,
        {{ property_history('record.propertiesWithHistory.dealstage') }}
            as stage_history,
        record.url,
        upper({{ not_blank('record.properties.deal_currency_code') }})
            as currency,
        {{ typed('record.properties.amount', 'decimal(18, 2)') }} as amount,
        {{ typed('record.properties.hs_is_closed', 'boolean') }} as is_closed,
        {{ typed('record.properties.hs_is_closed_won', 'boolean') }} as is_won,
        is_removed or coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_deleted,
        {{ utc_or_epoch_ms('record.properties.closedate') }} as close_at,
        {{ utc_or_epoch_ms('record.createdAt') }} as created_at,
        {{ utc_or_epoch_ms('record.updatedAt') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'amount': not_blank('record.properties.amount'),
        'is_closed': not_blank('record.properties.hs_is_closed'),
        'is_won': not_blank('record.properties.hs_is_closed_won'),
        'close_at': not_blank('record.properties.closedate'),
        'stage_history': 'record.propertiesWithHistory.dealstage',
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
    },
    required=['pipeline_id', 'stage_id', 'created_at', 'updated_at'],
) }}
