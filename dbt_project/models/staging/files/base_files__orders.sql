{{ file_dispositions('orders') }}
