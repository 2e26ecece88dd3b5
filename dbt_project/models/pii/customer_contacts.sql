select
    customer_keys.customer_key,
    records.source,
    records.source_id,
    records.name,
    records.email,
    {{ joined_values('records.other_emails') }} as other_emails,
    records.phone
from {{ ref('customer_records') }} as records
inner join {{ source('identity', 'customer_keys') }} as customer_keys
    on
        records.source = customer_keys.source
        and records.source_id = customer_keys.source_id
