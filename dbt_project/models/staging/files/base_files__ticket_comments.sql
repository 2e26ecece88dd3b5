{{ file_dispositions('ticket_comments') }}
