{{ file_dispositions('call_legs') }}
