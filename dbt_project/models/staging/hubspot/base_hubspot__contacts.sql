with received as (
    select
        {{ envelope_columns() }},
        op = 'delete' as is_removed,
        {{ record_of('{
            "properties": {
                "email": "VARCHAR", "hs_additional_emails": "VARCHAR",
                "firstname": "VARCHAR", "lastname": "VARCHAR",
                "phone": "VARCHAR", "mobilephone": "VARCHAR",
                "lifecyclestage": "VARCHAR", "hubspot_owner_id": "VARCHAR",
                "associatedcompanyid": "VARCHAR",
                "hs_merged_object_ids": "VARCHAR"
            },
            "propertiesWithHistory": {"lifecyclestage": "JSON"},
            "archived": "VARCHAR", "createdAt": "VARCHAR",
            "updatedAt": "VARCHAR"
        }') }}
    from {{ source('hubspot', 'contacts') }}
),

typed as (
    select
        *,
        _key as contact_id,
        {{ not_blank('record.properties.hubspot_owner_id') }} as owner_id,
        {{ not_blank('record.properties.associatedcompanyid') }} as company_id,
        {{ not_blank('record.properties.email') }} as email,
        {{ split_values('record.properties.hs_additional_emails') }}
            as additional_emails,
        {{ split_values('record.properties.hs_merged_object_ids') }}
            as merged_ids,
        {{ property_history('record.propertiesWithHistory.lifecyclestage') }}
            as lifecycle_history,
        {{ not_blank('record.properties.firstname') }} as first_name,
        {{ not_blank('record.properties.lastname') }} as last_name,
        coalesce(
            {{ not_blank('record.properties.phone') }},
            {{ not_blank('record.properties.mobilephone') }}
        ) as phone,
        {{ not_blank('record.properties.lifecyclestage') }} as lifecycle_stage,
        is_removed or coalesce({{ typed('record.archived', 'boolean') }}, false)
            as is_deleted,
        {{ utc_or_epoch_ms('record.createdAt') }} as created_at,
        {{ utc_or_epoch_ms('record.updatedAt') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'lifecycle_history': 'record.propertiesWithHistory.lifecyclestage',
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
    },
    required=['created_at', 'updated_at'],
) }}
