select
    source,
    source_id,
    customer_key,
    rule,
    probability
from {{ source('identity', 'customer_keys') }}
