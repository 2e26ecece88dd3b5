with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "title": "VARCHAR", "fields": "JSON",
            "settings": {"language": "VARCHAR"},
            "_links": {"display": "VARCHAR"},
            "created_at": "VARCHAR", "last_updated_at": "VARCHAR"
        }') }}
    from {{ source('typeform', 'forms') }}
),

typed as (
    select
        *,
        _key as form_id,
        record.title,
        record.settings.language,
        record._links.display as url,
        from_json(record.fields, '["JSON"]') as fields,
        {{ utc('record.created_at') }} as created_at,
        {{ utc('record.last_updated_at') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'fields': 'record.fields',
        'created_at': 'record.created_at',
        'updated_at': 'record.last_updated_at',
    },
    required=['title'],
) }}
