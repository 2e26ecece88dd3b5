-- Customers of files: those that are listed, those whom other records only name
-- by their id, and writers of answers and reviews with nothing but an address.
with mentions as (
    select
        source,
        requester_id as customer_id,
        null as email,
        created_at as seen_at
    from {{ ref('stg_files__tickets') }}
    {%- for entity, moment in [
        ('survey_answers', 'responded_at'), ('reviews', 'reviewed_at'),
    ] %}
    union all
    select
        source,
        customer_id,
        email,
        {{ moment }} as seen_at
    from {{ ref('stg_files__' ~ entity) }}
    {%- endfor %}
    union all
    select
        source,
        customer_id,
        null as email,
        created_at as seen_at
    from {{ ref('stg_files__deals') }}
),

mentioned as (
    select
        mentions.source,
        mentions.customer_id as source_id,
        min(mentions.email) as email,
        min(mentions.seen_at) as first_seen_at
    from mentions
    left join {{ ref('stg_files__agents') }} as agents
        on
            mentions.source = agents.source
            and mentions.customer_id = agents.agent_id
    where mentions.customer_id is not null and agents.agent_id is null
    group by mentions.source, mentions.customer_id
),

listed as (
    select
        customers.source,
        customers.customer_id as source_id,
        crm_merges.winner_id as merged_into_id,
        coalesce(
            {{ not_blank('customers.name') }},
            {{ not_blank("concat_ws(
                ' ', customers.given_name, customers.family_name
            )") }}
        ) as name,
        customers.email,
        coalesce(customers.other_emails, {{ empty_list() }}) as other_emails,
        customers.phone,
        coalesce(
            customers.created_at,
            customers.updated_at,
            {{ loaded_at('customers._load_id') }}
        ) as first_seen_at
    from {{ ref('stg_files__customers') }} as customers
    left join {{ ref('crm_merges') }} as crm_merges
        on
            customers.source = crm_merges.source
            and customers.customer_id = crm_merges.loser_id
            and crm_merges.object = 'contacts'
),

writers as (
    select
        source,
        'response:' || response_id as source_id,
        null as name,
        min(email) as email,
        min(responded_at) as first_seen_at
    from {{ ref('stg_files__survey_answers') }}
    where customer_id is null and email is not null
    group by source, response_id
    union all
    select
        source,
        'review:' || review_id as source_id,
        reviewer_name as name,
        email,
        reviewed_at as first_seen_at
    from {{ ref('stg_files__reviews') }}
    where customer_id is null and email is not null
)

select
    source,
    source_id,
    merged_into_id,
    name,
    email,
    other_emails,
    phone,
    true as is_person,
    first_seen_at
from listed
union all
select
    mentioned.source,
    mentioned.source_id,
    null as merged_into_id,
    null as name,
    mentioned.email,
    {{ empty_list() }} as other_emails,
    null as phone,
    true as is_person,
    mentioned.first_seen_at
from mentioned
left join listed
    on
        mentioned.source = listed.source
        and mentioned.source_id = listed.source_id
where listed.source_id is null
union all
select
    source,
    source_id,
    null as merged_into_id,
    name,
    email,
    {{ empty_list() }} as other_emails,
    null as phone,
    false as is_person,
    first_seen_at
from writers
