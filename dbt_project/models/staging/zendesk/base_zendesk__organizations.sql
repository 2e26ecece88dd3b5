with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "name": "VARCHAR", "external_id": "VARCHAR", "domain_names": "JSON",
            "created_at": "VARCHAR", "updated_at": "VARCHAR",
            "deleted_at": "VARCHAR"
        }') }}
    from {{ source('zendesk', 'organizations') }}
),

typed as (
    select
        *,
        _key as organization_id,
        record.external_id,
        record.name,
        from_json(record.domain_names, '["VARCHAR"]') as domain_names,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.updated_at') }} as updated_at,
        {{ utc('record.deleted_at') }} as deleted_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'domain_names': 'record.domain_names',
        'created_at': 'record.created_at',
        'updated_at': 'record.updated_at',
        'deleted_at': 'record.deleted_at',
    },
    required=['created_at', 'updated_at'],
) }}
