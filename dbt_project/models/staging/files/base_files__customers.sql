{{ file_dispositions('customers') }}
