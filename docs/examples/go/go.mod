module example.com/doctors

go 1.19
