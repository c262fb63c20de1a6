require 'gitlab/jwk'

module Gitlab
  module Routes
    # What others need to verify what this GitLab has signed.
    module OpenId
      module_function

      def mount(server)
        Puma.answer(server, '/.well-known/openid-configuration') { document(Rails.settings.external_url.chomp('/')) }
        Puma.answer(server, '/oauth/discovery/keys') { { keys: keys.map { |key| Jwk.of(key) } } }
      end

      def document(url)
        {
          issuer: url, authorization_endpoint: "#{url}/oauth/authorize", token_endpoint: "#{url}/oauth/token", jwks_uri: "#{url}/oauth/discovery/keys",
          scopes_supported: %w[api openid profile email], response_types_supported: %w[code], subject_types_supported: %w[public],
          id_token_signing_alg_values_supported: %w[RS256],
        }
      end

      # The two of the secrets are always there; the one for the AI Gateway only once it was made.
      def keys
        secrets = Secrets.all.fetch('gitlab_rails')
        [secrets['openid_connect_signing_key'], secrets['ci_jwt_signing_key']].compact.map { |pem| OpenSSL::PKey::RSA.new(pem) } +
          CloudConnector::Keys.all.map(&:private_key)
      end
    end
  end
end
