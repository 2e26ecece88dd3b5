-- Links between CRM objects, with the ids that merged ones have now.
with linked as (
    {% for link, object, from_id, to_ids, primary_type in [
        ('contact_company', 'contact_companies', 'contact_id', 'companies', '1'),
        ('deal_company', 'deal_companies', 'deal_id', 'companies', '5'),
        ('deal_contact', 'deal_contacts', 'deal_id', 'contacts', ''),
    ] -%}
    select
        '{{ link }}' as link,
        {{ from_id }} as from_id,
        '{{ to_ids }}' as to_object,
        unnest({{ to_ids }}) as entry,
        'HUBSPOT_DEFINED {{ primary_type }}' as primary_type
    from {{ ref('stg_hubspot__' ~ object) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select
    linked.link,
    linked.from_id,
    coalesce(crm_merges.winner_id, linked.entry.toobjectid) as to_id,
    bool_or(list_contains(
        list_transform(
            linked.entry.associationtypes,
            lambda kind: concat_ws(' ', kind.category, kind.typeid)
        ),
        linked.primary_type
    )) as is_primary
from linked
left join {{ ref('crm_merges') }} as crm_merges
    on
        linked.to_object = crm_merges.object
        and linked.entry.toobjectid = crm_merges.loser_id
group by linked.link, linked.from_id, to_id
