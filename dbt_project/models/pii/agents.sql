select
    agent_key,
    source,
    agent_id as source_id,
    name,
    email
from {{ ref('int_agents') }}
