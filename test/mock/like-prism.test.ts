// What Prism's own test harness is about: which example, status and media type an answer has, which requests are refused, and
// which credentials are asked for. A row gives what Prism 5 answers too, or behind `#` the reason for another answer.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { basic } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const spec = String.raw`openapi: 3.0.3
info: { title: Kinds, version: '1' }
x-shared:
  done: &done { 200: { description: '', content: { text/plain: { schema: { type: string }, example: done } } } }
  pet: &pet { type: object, required: [name], properties: { name: { type: string }, age: { type: integer, minimum: 1 } } }
  point: &point { type: object, required: [x], properties: { x: { type: integer }, y: { type: integer } } }
  list: &list { type: array, items: { type: integer } }
paths:
  /pets: { get: { responses: { 200: { description: '', content: { application/json: { schema: *pet, examples: { cat: { value: { name: cat } }, dog: { value: { name: dog } } } } } }, 404: { description: '', content: { application/json: { schema: *pet, examples: { gone: { value: { name: gone } }, never: { value: { name: never } } } } } }, 503: { description: '', content: { text/plain: { schema: { type: string }, example: later } } } } } }
  /both: { get: { responses: { 200: { description: '', content: { application/json: { example: { id: 1 }, examples: { cat: { value: { id: 2 } } } } } } } } }
  /schema-example: { get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string }, age: { type: integer, minimum: 1 } }, example: { name: of the schema } } } } } } } }
  /property-example: { get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [honey], properties: { honey: { type: string, example: killer bees } } } } } } } } }
  /media-before-schema: { get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string }, age: { type: integer, minimum: 1 } }, example: { name: schema } }, example: { name: media } } } } } } }
  /made-up: { get: { responses: { 200: { description: '', content: { application/json: { schema: *pet } } } } } }
  /headers: { get: { responses: { 200: { description: '', content: { application/json: { example: 1 } }, headers: { X-Limit: { schema: { type: integer }, example: 60 }, X-Kind: { schema: { type: string, enum: [a] } } } } } } }
  /default: { get: { responses: { 200: { description: '', content: { application/json: { example: usual } } }, default: { description: '', content: { application/json: { example: default } } } } } }
  /only-default: { get: { responses: { default: { description: '', content: { application/json: { example: default } } } } } }
  /ranges: { get: { responses: { 503: { description: '', content: { text/plain: { schema: { type: string }, example: exact } } }, 2XX: { description: '', content: { text/plain: { schema: { type: string }, example: two } } }, 4XX: { description: '', content: { text/plain: { schema: { type: string }, example: four } } }, 5XX: { description: '', content: { text/plain: { schema: { type: string }, example: five } } } } } }
  /range-default: { get: { responses: { 2XX: { description: '', content: { text/plain: { schema: { type: string }, example: two } } }, 4XX: { description: '', content: { text/plain: { schema: { type: string }, example: four } } }, default: { description: '', content: { text/plain: { schema: { type: string }, example: default } } } } } }
  /range-2xx-and-201: { get: { responses: { 201: { description: '', content: { text/plain: { schema: { type: string }, example: exact } } }, 2XX: { description: '', content: { text/plain: { schema: { type: string }, example: range } } } } } }
  /only-error: { get: { responses: { 400: { description: '', content: { application/json: { example: error } } } } } }
  /only-error-empty: { get: { responses: { 400: { description: '' } } } }
  /redirect: { get: { responses: { 302: { description: '', headers: { Location: { schema: { type: string }, example: '/there' } } } } } }
  /empty: { get: { responses: { 204: { description: '' } } } }
  /empty-200: { get: { responses: { 200: { description: '' } } } }
  /no-schema: { get: { responses: { 200: { description: '', content: { application/json: {} } } } } }
  /types: { get: { responses: { 200: { description: '', content: { application/json: { example: { of: json } }, text/plain: { example: text }, application/xml: { example: '<of>xml</of>' }, application/vnd.pet+json: { example: { of: vnd } } } } } } }
  /text-only: { get: { responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: hello } } } } } }
  /vnd-only: { get: { responses: { 200: { description: '', content: { application/vnd.pet+json: { example: { of: vnd } } } } } } }
  /version: { get: { responses: { 200: { description: '', content: { 'application/json;version=1': { example: 1 }, 'application/json;version=2': { example: 2 } } } } } }
  /xml: { get: { responses: { 200: { description: '', content: { application/xml: { schema: { type: object, xml: { name: pet }, properties: { name: { type: string, example: cat } } } } } } } } }
  /text-of-object: { get: { responses: { 200: { description: '', content: { text/plain: { schema: *point, example: { x: 1 } } } } } } }
  /any-type: { get: { responses: { 200: { description: '', content: { '*/*': { example: { a: 1 } } } } } } }
  /head: { head: { responses: { 200: { description: '', headers: { X-Count: { schema: { type: integer }, example: 3 } } } } } }
  /head-and-get: { get: { responses: *done } }
  /options: { options: { responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: documented } } } } } }
  /items/mine: { get: { responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: concrete } } } } } }
  '/items/{id}': { get: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: templated } } } } } }
  '/files/{name}.json': { get: { parameters: [{ name: name, in: path, required: true, schema: { type: string } }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: suffix } } } } } }
  '/files/{name}': { get: { parameters: [{ name: name, in: path, required: true, schema: { type: string } }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: file } } } } } }
  '/a b': { get: { responses: *done } }
  /q-required: { get: { parameters: [{ name: q, in: query, schema: { type: string }, required: true }], responses: *done } }
  /q-integer: { get: { parameters: [{ name: q, in: query, schema: { type: integer, minimum: 2 } }], responses: *done } }
  /q-boolean: { get: { parameters: [{ name: q, in: query, schema: { type: boolean } }], responses: *done } }
  /q-enum: { get: { parameters: [{ name: q, in: query, schema: { type: string, enum: [a, b] } }], responses: *done } }
  /q-exploded: { get: { parameters: [{ name: q, in: query, schema: *list }], responses: *done } }
  /q-csv: { get: { parameters: [{ name: q, in: query, schema: *list, explode: false }], responses: *done } }
  /q-space: { get: { parameters: [{ name: q, in: query, schema: *list, style: spaceDelimited, explode: false }], responses: *done } }
  /q-pipe: { get: { parameters: [{ name: q, in: query, schema: *list, style: pipeDelimited, explode: false }], responses: *done } }
  /q-deep: { get: { parameters: [{ name: q, in: query, schema: *point, style: deepObject, required: true }], responses: *done } }
  /q-object: { get: { parameters: [{ name: q, in: query, schema: *point }], responses: *done } }
  /q-object-csv: { get: { parameters: [{ name: q, in: query, schema: *point, explode: false }], responses: *done } }
  /q-content: { get: { parameters: [{ name: q, in: query, content: { application/json: { schema: *point } } }], responses: *done } }
  /q-empty: { get: { parameters: [{ name: q, in: query, schema: { type: string, minLength: 1 }, allowEmptyValue: true }], responses: *done } }
  /h-required: { get: { parameters: [{ name: X-Id, in: header, required: true, schema: { type: integer } }], responses: *done } }
  /h-list: { get: { parameters: [{ name: X-Id, in: header, schema: *list }], responses: *done } }
  /c-required: { get: { parameters: [{ name: c, in: cookie, required: true, schema: { type: integer } }], responses: *done } }
  '/p-pattern/{p}': { get: { parameters: [{ name: p, in: path, required: true, schema: { type: string, pattern: '^[A-Z]+$' } }], responses: *done } }
  '/p-integer/{p}': { get: { parameters: [{ name: p, in: path, required: true, schema: { type: integer } }], responses: *done } }
  '/p-list/{p}': { get: { parameters: [{ name: p, in: path, required: true, schema: *list }], responses: *done } }
  '/p-label/{p}': { get: { parameters: [{ name: p, in: path, required: true, style: label, schema: *list }], responses: *done } }
  '/p-matrix/{p}': { get: { parameters: [{ name: p, in: path, required: true, style: matrix, schema: *list }], responses: *done } }
  '/p-object/{p}': { get: { parameters: [{ name: p, in: path, required: true, schema: *point }], responses: *done } }
  /q-documented: { get: { parameters: [{ name: q, in: query, schema: { type: integer }, required: true }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: done } } }, 422: { description: '', content: { application/json: { example: { error: documented } } } } } } }
  /q-400: { get: { parameters: [{ name: q, in: query, schema: { type: integer }, required: true }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: done } } }, 400: { description: '', content: { application/json: { example: { error: 400 } } } } } } }
  /q-default: { get: { parameters: [{ name: q, in: query, schema: { type: integer }, required: true }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: done } } }, default: { description: '', content: { application/json: { example: { error: default } } } } } } }
  /json: { post: { requestBody: { content: { application/json: { schema: *pet } }, required: true }, responses: *done } }
  /json-optional: { post: { requestBody: { content: { application/json: { schema: *pet } } }, responses: *done } }
  /json-read-only: { post: { requestBody: { content: { application/json: { schema: { type: object, required: [id, name], properties: { id: { type: integer, readOnly: true }, name: { type: string } } } } }, required: true }, responses: *done } }
  /json-documented: { post: { requestBody: { content: { application/json: { schema: *pet } }, required: true }, responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: done } } }, 422: { description: '', content: { application/json: { example: { error: documented } } } } } } }
  /write-only: { get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [name, secret], properties: { name: { type: string, example: n }, secret: { type: string, writeOnly: true } } } } } } } } }
  /text-body: { post: { requestBody: { content: { text/plain: { schema: { type: string, maxLength: 5 } } }, required: true }, responses: *done } }
  /form: { post: { requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, required: [id], properties: { id: { type: integer }, tags: *list, status: { type: string, enum: [open, closed] } } } } }, required: true }, responses: *done } }
  /form-deep: { post: { requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, required: [p], properties: { p: *point } }, encoding: { p: { style: deepObject, explode: true } } } }, required: true }, responses: *done } }
  /form-byte: { post: { requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, required: [b], properties: { b: { type: string, format: byte } } } } }, required: true }, responses: *done } }
  /form-reserved: { post: { requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: string } } }, encoding: { a: { allowReserved: true } } } }, required: true }, responses: *done } }
  /multipart: { post: { requestBody: { content: { multipart/form-data: { schema: { type: object, required: [id], properties: { id: { type: integer }, tags: { type: array, items: { type: string } }, file: { type: string, format: binary }, point: *point } } } }, required: true }, responses: *done } }
  /either-body: { post: { requestBody: { content: { application/json: { schema: *pet }, application/x-www-form-urlencoded: { schema: *point } }, required: true }, responses: *done } }
  /s-basic: { get: { security: [{ basic: [] }], responses: *done } }
  /s-bearer: { get: { security: [{ bearer: [] }], responses: *done } }
  /s-digest: { get: { security: [{ digest: [] }], responses: *done } }
  /s-key: { get: { security: [{ key: [] }], responses: *done } }
  /s-key-query: { get: { security: [{ keyQuery: [] }], responses: *done } }
  /s-key-cookie: { get: { security: [{ keyCookie: [] }], responses: *done } }
  /s-oauth: { get: { security: [{ oauth: [read] }], responses: *done } }
  /s-oidc: { get: { security: [{ oidc: [] }], responses: *done } }
  /s-and: { get: { security: [{ basic: [], key: [] }], responses: *done } }
  /s-or: { get: { security: [{ basic: [] }, { key: [] }], responses: *done } }
  /s-optional: { get: { security: [{ basic: [] }, {}], responses: *done } }
  /s-none: { get: { security: [], responses: *done } }
  /s-documented: { get: { security: [{ basic: [] }], responses: { 200: { description: '', content: { text/plain: { schema: { type: string }, example: done } } }, 401: { description: '', content: { application/json: { example: { error: 'who?' } } } } } } }
  /s-documented-empty: { get: { security: [{ basic: [] }], responses: { 401: { description: '' } } } }
  /s-invalid-too: { get: { security: [{ basic: [] }], parameters: [{ name: q, in: query, schema: { type: integer }, required: true }], responses: *done } }
  /base: { servers: [{ url: https://kinds.example/v1 }], get: { responses: *done } }
components:
  securitySchemes:
    basic: { type: http, scheme: basic }
    bearer: { type: http, scheme: bearer }
    digest: { type: http, scheme: digest }
    key: { type: apiKey, in: header, name: X-Key }
    keyQuery: { type: apiKey, in: query, name: key }
    keyCookie: { type: apiKey, in: cookie, name: key }
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: https://kinds.example/token, scopes: { read: Read. } } } }
    oidc: { type: openIdConnect, openIdConnectUrl: https://kinds.example/.well-known/openid-configuration }
`;

const secret = 'not-a-secret-account-backend';
const words: Record<string, Record<string, string>> = {
  account: { Authorization: basic({ clientId: 'account-backend', clientSecret: secret }) },
  json: { 'Content-Type': 'application/json' },
  form: { 'Content-Type': 'application/x-www-form-urlencoded' },
  multipart: { 'Content-Type': 'multipart/form-data; boundary=b' },
};

/** Method and path, then headers or words for them, then the body; status, media type and body of the answer, up to `…`. */
const table = String.raw`
the example:
  GET /pets -> 200 application/json {"name":"cat"}
  GET /pets | Prefer: example=dog -> 200 application/json {"name":"dog"}
  GET /pets | Prefer: code=404 -> 404 application/json {"name":"gone"}
  GET /pets | Prefer: code=404, example=never -> 404 application/json {"name":"never"}
  GET /pets | Prefer: code=404;example=never -> 404 application/json {"name":"never"} # Prism reads the first of the two alone.
  GET /pets | Prefer: example=bird -> 404 application/json {…
  GET /pets | Prefer: example=gone -> 404 application/json {…
  GET /pets | Prefer: code=503 -> 503 text/plain later
  GET /pets?__example=dog -> 200 application/json {"name":"dog"}
  GET /pets?__code=404 -> 404 application/json {"name":"gone"}
  GET /pets | Prefer: dynamic=true -> 200 application/json {…
  GET /pets?__dynamic=true -> 200 application/json {…
  GET /both -> 200 application/json {"id":1}
  GET /both | Prefer: example=cat -> 200 application/json {"id":2}
  GET /schema-example -> 200 application/json {"name":"of the schema"}
  GET /property-example -> 200 application/json {"honey":"killer bees"}
  GET /media-before-schema -> 200 application/json {"name":"media"}
  GET /made-up -> 200 application/json {"name":"string","age":1}
  GET /headers -> 200 application/json 1
  GET /write-only -> 200 application/json {"name":"n"} # Prism sends properties that are write-only.
the status:
  GET /pets | Prefer: code=418 -> 404 application/problem+json {…
  GET /pets | Prefer: code=abc -> 200 application/json {"name":"cat"} # Prism refuses it; RFC 7240, section 2, has a server ignore what it does not understand.
  GET /pets | Prefer: code=999 -> 404 application/problem+json {…
  GET /default -> 200 application/json "usual"
  GET /default | Prefer: code=418 -> 418 application/json "default"
  GET /only-default -> 200 application/json "default"
  GET /only-default | Prefer: code=404 -> 404 application/json "default"
  GET /ranges -> 200 text/plain two
  GET /ranges | Prefer: code=201 -> 201 text/plain two
  GET /ranges | Prefer: code=404 -> 404 text/plain four
  GET /ranges | Prefer: code=503 -> 503 text/plain exact
  GET /ranges | Prefer: code=302 -> 404 application/problem+json {…
  GET /range-default | Prefer: code=404 -> 404 text/plain four
  GET /range-default | Prefer: code=500 -> 500 text/plain default
  GET /range-2xx-and-201 -> 201 text/plain exact
  GET /only-error -> 400 application/json "error"
  GET /only-error-empty -> 400
  GET /redirect -> 302 # Prism names a media type for an answer that has no body.
  GET /empty -> 204 # Prism names a media type for an answer that has no body.
  GET /empty | Accept: text/plain -> 204
  GET /empty-200 -> 200 # Prism names a media type for an answer that has no body.
  GET /no-schema -> 200 application/json
the media type:
  GET /types -> 200 application/json {"of":"json"}
  GET /types | Accept: application/xml -> 200 application/xml <of>xml</of>
  GET /types | Accept: */* -> 200 application/json {"of":"json"}
  GET /types | Accept: text/* -> 200 text/plain text
  GET /types | Accept: application/json;q=0.5, text/plain;q=0.9 -> 200 text/plain text
  GET /types | Accept: text/plain;q=0.1, application/xml -> 200 application/xml <of>xml</of>
  GET /types | Accept: application/json;q=0, */* -> 200 text/plain text
  GET /types | Accept: image/png, text/plain -> 200 text/plain text
  GET /types | Accept: image/png -> 406 application/problem+json {…
  GET /property-example | Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8 -> 200 application/json {"honey":"killer bees"}
  GET /text-only | Accept: application/json -> 406 application/problem+json {…
  GET /made-up | Accept: text/plain -> 406 application/problem+json {…
  GET /vnd-only | Accept: application/json -> 406 application/problem+json {…
  GET /made-up | Accept: application/vnd.pet+json -> 406 application/problem+json {…
  GET /version | Accept: application/json;version=2 -> 200 application/json;version=2 2
  GET /version | Accept: application/json -> 200 application/json;version=1 1
  GET /pets | Prefer: code=404 | Accept: application/json -> 404 application/json {"name":"gone"}
  GET /pets | Prefer: code=503 | Accept: application/json -> 503 text/plain later # Prism answers 200, since no media type of 503 is acceptable; a status that is asked for counts more.
  GET /xml -> 200 application/xml <pet><name>cat</name></pet> # Prism calls the element xml, whatever name the schema gives.
  GET /xml | Accept: application/json -> 406 application/problem+json {…
  GET /text-of-object -> 200 text/plain {"x":1} # Prism fails with 500.
  GET /any-type -> 200 application/json {"a":1} # Prism has no serializer for */*, and fails with 500.
  GET /any-type | Accept: application/json -> 200 application/json {"a":1} # Prism answers 406.
  GET /types | Accept: nonsense -> 200 application/json {"of":"json"} # Prism ends.
the method and path:
  HEAD /head -> 200
  HEAD /head-and-get -> 200 text/plain # Prism answers 405; HEAD is GET without the body (RFC 9110, section 9.3.2).
  GET /head -> 405 application/json {…
  OPTIONS /options -> 200 text/plain documented
  OPTIONS /head-and-get -> 204 # Prism answers 405; OPTIONS tells the methods (RFC 9110, section 9.3.7).
  DELETE /head-and-get -> 405 application/json {…
  GET /nowhere -> 404 application/json {…
  GET /pets/ -> 404 application/json {…
  GET /items/mine -> 200 text/plain concrete
  GET /items/ -> 404 application/json {… # Prism finds the operation, and then that its parameter is missing.
  GET /files/a.json -> 200 text/plain suffix # Prism takes the first path that fits; a literal says more.
  GET /a%20b -> 200 text/plain done
  GET /v1/base -> 200 text/plain done # Prism serves every path below the root, whatever the server.
  GET /base -> 404 application/json {… # Prism serves every path below the root, whatever the server.
  GET /PETS -> 404 application/json {…
a query parameter:
  GET /q-required -> 422 application/problem+json {…
  GET /q-required?q= -> 200 text/plain done # Prism takes an empty text for a missing one.
  GET /q-required?q=a&q=b -> 422 application/problem+json {…
  GET /q-integer?q=2 -> 200 text/plain done
  GET /q-integer?q=a -> 422 application/problem+json {…
  GET /q-integer?q=1 -> 422 application/problem+json {…
  GET /q-boolean?q=true -> 200 text/plain done
  GET /q-enum?q=b -> 200 text/plain done
  GET /q-exploded?q=1&q=2 -> 200 text/plain done
  GET /q-exploded?q=1 -> 200 text/plain done
  GET /q-exploded?q=1&q=a -> 422 application/problem+json {…
  GET /q-csv?q=1,2 -> 200 text/plain done
  GET /q-csv?q=1,a -> 422 application/problem+json {…
  GET /q-space?q=1%202 -> 200 text/plain done # Prism knows + alone as a space.
  GET /q-pipe?q=1%7C2 -> 200 text/plain done
  GET /q-deep?q[x]=1&q[y]=2 -> 200 text/plain done
  GET /q-deep?q[x]=a -> 422 application/problem+json {…
  GET /q-deep -> 422 application/problem+json {…
  GET /q-object?x=1&y=2 -> 200 text/plain done
  GET /q-object?x=a -> 422 application/problem+json {…
  GET /q-object-csv?q=x,1,y,2 -> 200 text/plain done
  GET /q-content?q=%7B%22x%22%3A1%7D -> 200 text/plain done
  GET /q-content?q=%7B%22x%22%3A%22a%22%7D -> 422 application/problem+json {… # Prism does not judge parameters with content.
  GET /q-empty?q= -> 200 text/plain done
  GET /q-enum?z=1 -> 200 text/plain done
  GET /q-required?Q=a -> 422 application/problem+json {… # Prism does not tell capitals from small letters in names of the query.
  GET /q-documented -> 422 application/json {"error":"documented"}
  GET /q-400 -> 400 application/json {"error":400}
  GET /q-default -> 422 application/json {"error":"default"}
  GET /q-required | Prefer: code=200 -> 422 application/problem+json {…
another parameter:
  GET /p-pattern/FP -> 200 text/plain done
  GET /p-pattern/fp -> 422 application/problem+json {…
  GET /p-integer/a -> 422 application/problem+json {…
  GET /p-list/1,2 -> 200 text/plain done # Prism ends.
  GET /p-label/.1,2 -> 200 text/plain done # Prism ends.
  GET /p-label/.a -> 422 application/problem+json {…
  GET /p-label/1 -> 422 application/problem+json {… # Prism ends.
  GET /p-matrix/;p=1,2 -> 200 text/plain done # Prism ends.
  GET /p-matrix/;p=a -> 422 application/problem+json {…
  GET /p-object/x,1,y,2 -> 200 text/plain done # Prism ends.
  GET /h-required | X-Id: 1 -> 200 text/plain done
  GET /h-required | x-id: 1 -> 200 text/plain done
  GET /h-required -> 422 application/problem+json {…
  GET /h-list | X-Id: 1,2 -> 200 text/plain done
  GET /c-required | Cookie: c=1 -> 200 text/plain done
  GET /c-required -> 422 application/problem+json {… # Prism does not judge cookies.
  GET /c-required | Cookie: c=a -> 422 application/problem+json {… # Prism does not judge cookies.
a body:
  POST /json | json | {"name":"a"} -> 200 text/plain done
  POST /json | json | {} -> 422 application/problem+json {…
  POST /json | json | {"name" -> 400 application/json {… # Prism never answers.
  POST /json -> 422 application/problem+json {…
  POST /json-optional -> 200 text/plain done
  POST /json-optional | json | {} -> 422 application/problem+json {…
  POST /json | Content-Type: application/json; charset=utf-8 | {"name":"a"} -> 200 text/plain done
  POST /json | Content-Type: application/xml | <a/> -> 415 application/problem+json {…
  POST /json | Content-Type: application/vnd.x+json | {"name":"a"} -> 415 application/problem+json {… # Prism takes any JSON for application/json.
  POST /json-read-only | json | {"name":"a"} -> 200 text/plain done
  POST /json-read-only | json | {"name":"a","id":1} -> 200 text/plain done
  POST /json-documented | json | {} -> 422 application/json {"error":"documented"}
  POST /text-body | Content-Type: text/plain | abc -> 200 text/plain done
  POST /text-body | Content-Type: text/plain | abcdefgh -> 422 application/problem+json {…
  POST /form | form | id=1&status=open -> 200 text/plain done
  POST /form | form | status=open -> 422 application/problem+json {…
  POST /form | form | id=a -> 422 application/problem+json {…
  POST /form | form | id=1&tags=1&tags=2 -> 200 text/plain done # Prism takes a repeated field for a text.
  POST /form | form | id=1&tags=a -> 422 application/problem+json {…
  POST /form-deep | form | p[x]=1 -> 200 text/plain done
  POST /form-byte | form | b=aGk%3D -> 200 text/plain done
  POST /form-byte | form | b=%2A%2A -> 422 application/problem+json {…
  POST /form-reserved | form | a=x/y:z -> 200 text/plain done
  POST /form | json | {"id":1} -> 415 application/problem+json {…
  POST /multipart | multipart | id=1 -> 200 text/plain done
  POST /multipart | multipart | tags=a -> 422 application/problem+json {…
  POST /multipart | multipart | id=1 & tags=a & tags=b -> 200 text/plain done # Prism takes a repeated part for a text.
  POST /multipart | multipart | id=1 & file@x -> 200 text/plain done # Prism ends.
  POST /multipart | multipart | id=1 & point={"x":1} -> 200 text/plain done # Prism takes the part for a text; an object is JSON by default (OpenAPI 3.0.3, section 4.7.15).
  POST /multipart | form | id=1 -> 415 application/problem+json {…
  POST /either-body | json | {"name":"a"} -> 200 text/plain done
  POST /either-body | form | x=1 -> 200 text/plain done
  POST /either-body | form | x=a -> 422 application/problem+json {…
credentials:
  GET /s-basic | account -> 200 text/plain done
  GET /s-basic -> 401 application/json {…
  GET /s-basic | Authorization: Bearer x -> 401 application/json {…
  GET /s-basic | Authorization: Basic YTpi -> 401 application/json {… # Prism takes any credentials; these are of no account.
  GET /s-bearer | Authorization: Bearer ${secret} -> 200 text/plain done
  GET /s-bearer -> 401 application/json {…
  GET /s-bearer | Authorization: Bearer x -> 401 application/json {… # Prism takes any credentials; these are of no account.
  GET /s-digest | Authorization: Digest username="a" -> 200 text/plain done # Prism wants all fields of Digest; here the word alone is checked.
  GET /s-digest -> 401 application/json {…
  GET /s-key | X-Key: ${secret} -> 200 text/plain done
  GET /s-key -> 401 application/json {…
  GET /s-key | X-Key: x -> 401 application/json {… # Prism takes any credentials; these are of no account.
  GET /s-key-query?key=${secret} -> 200 text/plain done
  GET /s-key-query -> 401 application/json {…
  GET /s-key-cookie | Cookie: key=${secret} -> 200 text/plain done
  GET /s-key-cookie -> 401 application/json {…
  GET /s-oauth -> 401 application/json {…
  GET /s-oauth | Authorization: Bearer x -> 401 application/json {… # Prism takes any credentials; these are of no account.
  GET /s-oidc -> 401 application/json {…
  GET /s-and | account | X-Key: ${secret} -> 200 text/plain done
  GET /s-and | account -> 401 application/json {…
  GET /s-or | account -> 200 text/plain done
  GET /s-or -> 401 application/json {…
  GET /s-optional -> 200 text/plain done
  GET /s-none -> 200 text/plain done
  GET /s-documented -> 401 application/json {"error":"who?"}
  GET /s-documented-empty -> 401
  GET /s-invalid-too -> 401 application/json {…
  GET /s-invalid-too | account -> 422 application/problem+json {…
`.replaceAll('${secret}', secret);

interface Row {
  line: string;
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string | undefined;
  answer: string;
}

function rowOf(line: string): Row {
  const [, asked = '', answer = ''] = /^(.*?) -> (.*?)(?: # .*)?$/.exec(line.trim()) ?? [];
  const [request = '', ...others] = asked.split(' | ');
  const [method = '', target = ''] = request.split(' ');
  const row: Row = { line: line.trim(), method, target, headers: {}, body: undefined, answer };
  for (const other of others) {
    const [, name, value = ''] = /^([A-Za-z][\w-]*): (.*)$/.exec(other) ?? [];
    if (name !== undefined) row.headers[name] = value;
    else if (words[other]) Object.assign(row.headers, words[other]);
    else row.body = others.includes('multipart') ? multipartOf(other) : other;
  }
  return row;
}

/** `a=text & b@text of a file` */
function multipartOf(text: string): string {
  const parts = text.split(' & ').map((part) => {
    const [, name = '', sign, value = ''] = /^(\w+)([=@])(.*)$/.exec(part) ?? [];
    const file = sign === '@' ? '; filename="f"' : '';
    return `--b\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  });
  return `${parts.join('')}--b--\r\n`;
}

const groups = table
  .trim()
  .split(/\n(?=\S)/)
  .map((group) => {
    const [title = '', ...lines] = group.split('\n');
    return { title: title.replace(/:$/, ''), rows: lines.map(rowOf) };
  });

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'kinds.yaml': spec });
  mock = await startUsualMock({ spec: `${folder.path}/kinds.yaml` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

describe.each(groups)('$title', ({ rows }) => {
  test.each(rows)('$line', async ({ method, target, headers, body, answer }) => {
    const given = body === undefined ? {} : { body };
    const response = await fetch(mock.url + target, { method, headers, redirect: 'manual', ...given });
    const type = response.headers.get('content-type')?.replace(/; ?charset=utf-8$/, '');
    const told = [response.status, type, await response.text()].filter(Boolean).join(' ');
    const begin = answer.replace(/…$/, '');
    expect(begin === answer ? told : told.slice(0, begin.length)).toBe(begin);
  });
});

test('a browser on another page is not let in, as it is by Prism: the secret of an account has no place there', async () => {
  const response = await fetch(`${mock.url}/pets`, { headers: { Origin: 'https://shop.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('documented headers have the value of their example', async () => {
  const { headers } = await fetch(`${mock.url}/headers`);
  expect([headers.get('x-limit'), headers.get('x-kind')]).toEqual(['60', 'a']);
  expect((await fetch(`${mock.url}/head`, { method: 'HEAD' })).headers.get('x-count')).toBe('3');
  expect((await fetch(`${mock.url}/redirect`, { redirect: 'manual' })).headers.get('location')).toBe('/there');
});
