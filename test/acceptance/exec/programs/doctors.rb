# The vendor's quickstart, with Ruby's net/http.
require 'json'
require 'net/http'

BASE_URL = 'https://api.nextgen.arzamed.com/api/v1'.freeze

def send_request(uri, request)
  answer = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') { |http| http.request(request) }
  abort "Answered with #{answer.code}" unless answer.is_a?(Net::HTTPSuccess)
  JSON.parse(answer.body)
end

uri = URI(ENV.fetch('ARZAMED_TOKEN_URL'))
request = Net::HTTP::Post.new(uri)
request.basic_auth(ENV.fetch('ARZAMED_CLIENT_ID'), ENV.fetch('ARZAMED_CLIENT_SECRET'))
request.set_form_data(grant_type: 'client_credentials', scope: 'https://api.nextgen.arzamed.com/read')
token = send_request(uri, request)['access_token']

uri = URI("#{BASE_URL}/equipe/doctors")
request = Net::HTTP::Get.new(uri)
request['Authorization'] = "Bearer #{token}"
puts JSON.generate(send_request(uri, request))
