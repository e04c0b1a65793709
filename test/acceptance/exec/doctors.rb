require "json"
require "net/http"

uri = URI(ENV.fetch("ARZAMED_TOKEN_URL"))
ask = Net::HTTP::Post.new(uri)
ask.basic_auth(ENV.fetch("ARZAMED_CLIENT_ID"), ENV.fetch("ARZAMED_CLIENT_SECRET"))
ask.set_form_data(grant_type: "client_credentials", scope: "https://api.nextgen.arzamed.com/read")
token = JSON.parse(Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") { |http| http.request(ask) }.body)

uri = URI("https://api.nextgen.arzamed.com/api/v1/equipe/doctors")
doctors = Net::HTTP::Get.new(uri, "Authorization" => "Bearer #{token["access_token"]}")
puts Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(doctors) }.body
