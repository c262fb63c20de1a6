require 'gitlab/jwk'

# Tokens for the AI Gateway, signed here: the way of self-hosted models.
module CloudConnector
  module Tokens
    LIFE = 3600

    module_function

    def get(unit_primitive:, resource: :instance, extra_claims: {})
      key = Keys.current or raise 'Cloud Connector: no key found'
      now = Time.now.to_i
      Gitlab::Jwk.token(key.private_key, {
        jti: SecureRandom.uuid, iss: Gitlab::Rails.settings.external_url, aud: 'gitlab-ai-gateway', sub: ApplicationSetting.current.uuid,
        iat: now, nbf: now - 5, exp: now + LIFE, gitlab_realm: 'self-managed', scopes: [unit_primitive.to_s],
        gitlab_instance_uid: ApplicationSetting.current.uuid,
      }.merge(extra_claims))
    end
  end
end
