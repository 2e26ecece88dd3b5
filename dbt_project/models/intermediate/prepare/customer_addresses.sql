-- The addresses of each record in comparable form, shared mailboxes marked.
with addresses as (
    select
        source,
        source_id,
        name,
        email
    from {{ ref('customer_records') }}
    union all
    select
        source,
        source_id,
        name,
        unnest(other_emails) as email
    from {{ ref('customer_records') }}
),

normalised as (
    select
        source,
        source_id,
        name,
        {{ normalised_email('email') }} as email_normalised
    from addresses
),

crowded as (
    select email_normalised
    from normalised
    where name is not null
    group by email_normalised
    having count(distinct lower(trim(name))) > {{ var('max_names_per_email') }}
)

-- a record may write one address twice
select
    normalised.source,
    normalised.source_id,
    normalised.email_normalised,
    bool_or(
        role_mailboxes.local_part is not null
        or crowded.email_normalised is not null
    ) as is_shared_mailbox
from normalised
left join {{ ref('role_mailboxes') }} as role_mailboxes
    on
        split_part(normalised.email_normalised, '@', 1)
        = role_mailboxes.local_part
left join crowded
    on normalised.email_normalised = crowded.email_normalised
where normalised.email_normalised is not null
group by
    normalised.source, normalised.source_id, normalised.email_normalised
