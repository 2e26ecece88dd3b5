{{ file_dispositions('calls') }}
