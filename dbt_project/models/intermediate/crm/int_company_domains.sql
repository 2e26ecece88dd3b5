-- Usable domains of companies, in order.
with domains as (
    select
        source,
        company_id as source_id,
        generate_subscripts(domains, 1) as position,
        unnest(domains) as domain
    from {{ ref('int_companies') }}
),

normalised as (
    select
        source,
        source_id,
        position,
        {{ not_blank(normalised_domain('domain')) }} as domain
    from domains
)

select normalised.*
from normalised
left join {{ ref('public_mail_domains') }} as public_domains
    on normalised.domain = public_domains.domain
where normalised.domain is not null and public_domains.domain is null
