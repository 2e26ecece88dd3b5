{{ file_dispositions('agents') }}
