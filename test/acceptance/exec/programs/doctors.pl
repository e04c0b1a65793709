# The vendor's quickstart, with Perl's LWP.
use strict;
use warnings;
use HTTP::Request::Common;
use LWP::UserAgent;

my $base_url = 'https://api.nextgen.arzamed.com/api/v1';
my $client = LWP::UserAgent->new(env_proxy => 1);

sub body_of {
    my $answer = $client->request(shift);
    die $answer->status_line . "\n" unless $answer->is_success;
    return $answer->content;
}

my $request = POST $ENV{ARZAMED_TOKEN_URL},
    [grant_type => 'client_credentials', scope => 'https://api.nextgen.arzamed.com/read'];
$request->authorization_basic($ENV{ARZAMED_CLIENT_ID}, $ENV{ARZAMED_CLIENT_SECRET});
my ($token) = body_of($request) =~ /"access_token":"([^"]*)"/;
print body_of(GET "$base_url/equipe/doctors", Authorization => "Bearer $token");
