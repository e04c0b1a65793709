# Lists the doctors, with the client that is named. It knows nothing of a mock.
require 'json'
require 'uri'

TOKEN_URL, ID, SECRET = ENV.values_at('ARZAMED_TOKEN_URL', 'ARZAMED_CLIENT_ID', 'ARZAMED_CLIENT_SECRET')
DOCTORS_URL = 'https://api.nextgen.arzamed.com/api/v1/equipe/doctors'.freeze
SCOPE = 'https://api.nextgen.arzamed.com/read'.freeze
TOLD = ARGV.include?('--told')

CLIENTS = {
  'net/http' => lambda do |url, headers, form|
    require 'net/http'
    uri = URI(url)
    request = (form ? Net::HTTP::Post : Net::HTTP::Get).new(uri, headers)
    request.body = form
    Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }.body
  end,
  'http' => lambda do |url, headers, form|
    require 'http'
    client = HTTP.headers(headers)
    (form ? client.post(url, body: form) : client.get(url)).to_s
  end,
  'faraday' => lambda do |url, headers, form|
    require 'faraday'
    (form ? Faraday.post(url, form, headers) : Faraday.get(url, nil, headers)).body
  end,
  'excon' => lambda do |url, headers, form|
    require 'excon'
    (form ? Excon.post(url, headers: headers, body: form) : Excon.get(url, headers: headers)).body
  end,
  'typhoeus' => lambda do |url, headers, form|
    require 'typhoeus'
    told = TOLD ? { cainfo: ENV.fetch('SSL_CERT_FILE') } : {}
    Typhoeus::Request.new(url, method: form ? :post : :get, headers: headers, body: form, **told).run.body
  end
}.freeze

if ARGV[0] == 'oauth2'
  require 'oauth2'
  client = OAuth2::Client.new(ID, SECRET, token_url: TOKEN_URL, auth_scheme: :basic_auth)
  puts client.client_credentials.get_token(scope: SCOPE).get(DOCTORS_URL).body
else
  send_by = CLIENTS.fetch(ARGV[0])
  form = URI.encode_www_form(grant_type: 'client_credentials', scope: SCOPE)
  headers = { 'Authorization' => "Basic #{["#{ID}:#{SECRET}"].pack('m0')}", 'Content-Type' => 'application/x-www-form-urlencoded' }
  token = JSON.parse(send_by.call(TOKEN_URL, headers, form))['access_token']
  puts send_by.call(DOCTORS_URL, { 'Authorization' => "Bearer #{token}" }, nil)
end
