with received as (
    select
        {{ envelope_columns() }},
        parent_key as business_unit_id,
        op = 'delete' as is_removed,
        {{ record_of('{
            "consumer": {"displayName": "VARCHAR"}, "stars": "VARCHAR",
            "title": "VARCHAR", "text": "VARCHAR", "language": "VARCHAR",
            "createdAt": "VARCHAR", "updatedAt": "VARCHAR",
            "referralEmail": "VARCHAR", "status": "VARCHAR",
            "isVerified": "VARCHAR",
            "companyReply": {"createdAt": "VARCHAR"}
        }') }}
    from {{ source('trustpilot', 'reviews') }}
),

typed as (
    select
        *,
        _key as review_id,
        {{ not_blank('record.consumer.displayName') }} as reviewer_name,
        {{ not_blank('record.referralEmail') }} as reviewer_email,
        {{ not_blank('record.title') }} as title,
        {{ not_blank('record.text') }} as text,
        {{ not_blank('record.language') }} as language,
        {{ not_blank('record.status') }} as status,
        case
            when {{ typed('record.stars', 'decimal(9, 2)') }} in (1, 2, 3, 4, 5)
                then {{ typed('record.stars', 'integer') }}
        end as rating,
        {{ typed('record.isVerified', 'boolean') }} as is_verified,
        {{ utc('record.createdAt') }} as created_at,
        {{ utc('record.updatedAt') }} as updated_at,
        {{ utc('record.companyReply.createdAt') }} as replied_at
    from received
),

-- one that is gone is only named: it needs nothing but its id
{{ dispositions(
    'typed',
    parsed={
        'rating': 'record.stars',
        'is_verified': 'record.isVerified',
        'created_at': 'record.createdAt',
        'updated_at': 'record.updatedAt',
        'replied_at': 'record.companyReply.createdAt',
    },
    required=['rating', 'created_at', 'business_unit_id'],
    exempt='is_removed',
) }}
