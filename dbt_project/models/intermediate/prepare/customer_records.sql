-- Every source record that stands for a customer, with its usable address.
with records as (
    select
        'zendesk' as source,
        user_id as source_id,
        name,
        email,
        phone,
        created_at as first_seen_at
    from {{ ref('stg_zendesk__users') }}
    where role = 'end-user'
    union all
    select
        'typeform' as source,
        response_id as source_id,
        null as name,
        hidden_email as email,
        null as phone,
        coalesce(submitted_at, landed_at) as first_seen_at
    from {{ ref('stg_typeform__responses') }}
),

normalised as (
    select
        *,
        {{ normalised_email('email') }} as email_normalised
    from records
),

crowded as (
    select email_normalised
    from normalised
    where name is not null
    group by email_normalised
    having count(distinct lower(trim(name))) > {{ var('max_names_per_email') }}
)

select
    normalised.*,
    coalesce(
        role_mailboxes.local_part is not null
        or crowded.email_normalised is not null,
        false
    ) as is_shared_mailbox
from normalised
left join {{ ref('role_mailboxes') }} as role_mailboxes
    on
        split_part(normalised.email_normalised, '@', 1)
        = role_mailboxes.local_part
left join crowded
    on normalised.email_normalised = crowded.email_normalised
