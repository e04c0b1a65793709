# Lists the doctors, with the client that is named. It knows nothing of a mock.
use strict;
use warnings;
use MIME::Base64;

my $doctors = 'https://api.nextgen.arzamed.com/api/v1/equipe/doctors';
my $form = 'grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread';
my %clients = (
    'LWP' => sub {
        my ($method, $url, $headers, $body) = @_;
        require LWP::UserAgent;
        return LWP::UserAgent->new->request(HTTP::Request->new($method, $url, [%$headers], $body))->content;
    },
    'HTTP::Tiny' => sub {
        my ($method, $url, $headers, $body) = @_;
        require HTTP::Tiny;
        my $options = {headers => $headers, defined $body ? (content => $body) : ()};
        return HTTP::Tiny->new(verify_SSL => 1)->request($method, $url, $options)->{content};
    },
    'Mojo' => sub {
        my ($method, $url, $headers, $body) = @_;
        require Mojo::UserAgent;
        my $client = Mojo::UserAgent->new;
        return $client->start($client->build_tx($method => $url => $headers => $body // ''))->res->body;
    },
);
my $send = $clients{$ARGV[0]};
my $basic = encode_base64("$ENV{ARZAMED_CLIENT_ID}:$ENV{ARZAMED_CLIENT_SECRET}", '');
my $headers = {'Authorization' => "Basic $basic", 'Content-Type' => 'application/x-www-form-urlencoded'};
my ($token) = $send->('POST', $ENV{ARZAMED_TOKEN_URL}, $headers, $form) =~ /"access_token":"([^"]*)"/ or die "no token\n";
print $send->('GET', $doctors, {'Authorization' => "Bearer $token"}, undef);
