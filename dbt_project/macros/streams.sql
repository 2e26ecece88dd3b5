{#- Every staged stream: what is counted, rejected and watched. -#}
{% macro streams() %}
    {{ return([
        ('zendesk', 'tickets'),
        ('zendesk', 'users'),
        ('zendesk', 'organizations'),
        ('zendesk', 'ticket_events'),
        ('zendesk', 'satisfaction_ratings'),
        ('zendesk', 'groups'),
        ('typeform', 'forms'),
        ('typeform', 'responses'),
    ]) }}
{% endmacro %}

{% macro sources_of_streams() %}
{{ return(streams() | map(attribute=0) | unique | list) }}
{% endmacro %}
