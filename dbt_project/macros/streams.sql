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
        ('hubspot', 'contacts'),
        ('hubspot', 'companies'),
        ('hubspot', 'deals'),
        ('hubspot', 'owners'),
        ('hubspot', 'pipelines'),
        ('hubspot', 'contact_companies'),
        ('hubspot', 'deal_contacts'),
        ('hubspot', 'deal_companies'),
        ('trustpilot', 'business_units'),
        ('trustpilot', 'reviews'),
        ('qualtrics', 'surveys'),
        ('qualtrics', 'responses'),
        ('qualtrics', 'distributions'),
        ('qualtrics', 'distribution_history'),
    ]) }}
{% endmacro %}

{% macro sources_of_streams() %}
{{ return(streams() | map(attribute=0) | unique | list) }}
{% endmacro %}
