with received as (
    select
        {{ envelope_columns() }},
        parent_key as distribution_id,
        {{ record_of('{
            "contactId": "VARCHAR", "contactLookupId": "VARCHAR",
            "responseId": "VARCHAR", "status": "VARCHAR", "sentAt": "VARCHAR",
            "openedAt": "VARCHAR", "responseStartedAt": "VARCHAR",
            "responseCompletedAt": "VARCHAR"
        }') }}
    from {{ source('qualtrics', 'distribution_history') }}
),

typed as (
    select
        *,
        _key as invitation_id,
        record.contactid as contact_id,
        record.contactlookupid as contact_lookup_id,
        {{ not_blank('record.responseid') }} as response_id,
        {{ not_blank('record.status') }} as status,
        {{ utc('record.sentat') }} as sent_at,
        {{ utc('record.openedat') }} as opened_at,
        {{ utc('record.responsestartedat') }} as started_at,
        {{ utc('record.responsecompletedat') }} as completed_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'sent_at': 'record.sentat',
        'opened_at': 'record.openedat',
        'started_at': 'record.responsestartedat',
        'completed_at': 'record.responsecompletedat',
    },
    required=['distribution_id', 'status'],
) }}
