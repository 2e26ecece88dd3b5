{{ file_dispositions('tickets') }}
