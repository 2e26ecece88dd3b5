with received as (
    select
        {{ envelope_columns() }},
        op = 'delete' as is_removed,
        {{ record_of('{
            "properties": {
                "name": "VARCHAR", "domain": "VARCHAR",
                "hs_additional_domains": "VARCHAR", "industry": "VARCHAR",
                "country": "VARCHAR", "lifecyclestage": "VARCHAR",
                "hubspot_owner_id": "VARCHAR", "hs_merged_object_ids": "VARCHAR"
            },
            "url": "VARCHAR", "archived": "VARCHAR", "createdAt": "VARCHAR",
            "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'companies') }}
),

typed as (
    select
        *,
        _key as company_id,
        {{ not_blank('record.properties.hubspot_owner_id') }} as owner_id,
        {{ not_blank('record.properties.name') }} as name,
        {{ not_blank('record.properties.domain') }} as domain,
        {{ split_values('record.properties.hs_additional_domains') }}
            as additional_domains,
        {{ split_values('record.properties.hs_merged_object_ids') }}
            as merged_ids,
        {{ not_blank('record.properties.industry') }} as industry,
        {{ not_blank('record.properties.country') }} as country,
        {{ not_blank('record.properties.lifecyclestage') }} as lifecycle_stage,
        record.url,
        is_removed or coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_deleted,
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
    required=['created_at', 'updated_at'],
) }}
