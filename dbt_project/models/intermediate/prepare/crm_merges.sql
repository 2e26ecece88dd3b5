-- Which record each merged one became; chains end at the last winner.
with recursive named as (
    {% for object, id in [
        ('contacts', 'contact_id'), ('companies', 'company_id'),
        ('deals', 'deal_id'),
    ] -%}
    select
        '{{ object }}' as object,
        {{ id }} as winner_id,
        unnest(merged_ids) as loser_id
    from {{ ref('stg_hubspot__' ~ object) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

chains as (
    select
        object,
        loser_id,
        winner_id,
        1 as steps
    from named
    where loser_id <> winner_id
    union
    select
        chains.object,
        chains.loser_id,
        named.winner_id,
        chains.steps + 1 as steps
    from chains
    inner join named
        on
            chains.object = named.object
            and chains.winner_id = named.loser_id
    -- a circle of merges, which the vendor does not make, must end too
    where chains.steps < 20
)

select
    object,
    loser_id,
    winner_id
from chains
where loser_id <> winner_id
qualify row_number() over (
    partition by object, loser_id
    order by steps desc, length(winner_id) asc, winner_id asc
) = 1
