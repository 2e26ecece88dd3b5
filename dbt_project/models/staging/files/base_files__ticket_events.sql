{{ file_dispositions('ticket_events', checks={
    'missing_value': "kind = 'status' and value is null",
    'unknown_status': "kind = 'status' and lower(value) not in (
        'new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted'
    )",
}) }}
