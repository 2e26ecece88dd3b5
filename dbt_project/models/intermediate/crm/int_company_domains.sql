-- Usable domains of CRM companies and helpdesk organizations, in order.
with domains as (
    select
        'hubspot' as source,
        company_id as source_id,
        0 as position,
        domain
    from {{ ref('stg_hubspot__companies') }}
    union all
    select
        'hubspot' as source,
        company_id as source_id,
        generate_subscripts(additional_domains, 1) as position,
        unnest(additional_domains) as domain
    from {{ ref('stg_hubspot__companies') }}
    union all
    select
        'zendesk' as source,
        organization_id as source_id,
        generate_subscripts(domain_names, 1) as position,
        unnest(domain_names) as domain
    from {{ ref('stg_zendesk__organizations') }}
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
