{{ config(tags=['marts']) }}
-- NPS 162/108/54: adjusted Wald half width 8.08 (33.03 in [24.95, 41.11]).
-- Wilson: 42 of 50 [.7149, .9166]; 7 of 10 [.3968, .8922]; 0 of 5 [0, .4345].
with published as (
    select *
    from (
        values
        ('half width', {{ adjusted_wald('108.0', '216.0', '324.0') }}, 8.0823),
        ('low 42/50', {{ wilson('42.0', '50.0', '-') }}, 0.7149),
        ('high 42/50', {{ wilson('42.0', '50.0', '+') }}, 0.9166),
        ('low 7/10', {{ wilson('7.0', '10.0', '-') }}, 0.3968),
        ('high 7/10', {{ wilson('7.0', '10.0', '+') }}, 0.8922),
        ('low 0/5', {{ wilson('0.0', '5.0', '-') }}, 0.0),
        ('high 0/5', {{ wilson('0.0', '5.0', '+') }}, 0.4345)
    ) as published (what, computed, expected)
)

select *
from published
where abs(computed - expected) > 0.0001
