require 'json'
require 'openssl'

module Gitlab
  # RFC 7517 and 7638, for RSA.
  module Jwk
    module_function

    def of(key)
      base = { e: number(key.e), kty: 'RSA', n: number(key.n) }
      base.merge(kid: base64(OpenSSL::Digest::SHA256.digest(JSON.generate(base))), use: 'sig', alg: 'RS256')
    end

    def token(key, claims)
      text = [{ alg: 'RS256', typ: 'JWT', kid: of(key)[:kid] }, claims].map { |part| base64(JSON.generate(part)) }.join('.')
      "#{text}.#{base64(key.sign('SHA256', text))}"
    end

    def base64(bytes) = [bytes].pack('m0').tr('+/', '-_').delete('=')

    def number(big) = base64(big.to_s(2))
  end
end
