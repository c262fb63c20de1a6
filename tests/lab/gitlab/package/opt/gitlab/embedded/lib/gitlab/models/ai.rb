require 'net/http'

module Ai
  class TestingTermsAcceptance
    def self.has_accepted? = Gitlab::Rails.database.rows('terms').any?
  end

  module SelfHostedModels
    module TestingTermsAcceptance
      class CreateService
        def initialize(user) = @user = user

        def execute = Gitlab::Rails.database.insert('terms', 'username' => @user.username)
      end
    end
  end
end

module Gitlab
  # Answers like the original's client: its own code and a body.
  module HTTP
    Answer = Struct.new(:code, :body)

    def self.post(url, headers:, body:, timeout:, allow_local_requests: false)
      at = URI(url)
      said = Net::HTTP.start(at.host, at.port, nil, open_timeout: timeout, read_timeout: timeout) { |web| web.post(at.request_uri, body, headers) }
      Answer.new(said.code.to_i, said.body)
    end
  end

  module Llm
    module AiGateway
      class CodeSuggestionsClient
        COMPLETION_CHECK_TIMEOUT = 3

        def initialize(user) = @user = user

        # nil when the model answered; otherwise why not
        def test_model_connection(model)
          url = "#{Rails.database.rows('ai_settings').first['aiGatewayUrl']}/v1/prompts/model_configuration%2Fcheck"
          body = { stream: false, inputs: {}, model_metadata: { name: model['model'].downcase, identifier: model['identifier'], endpoint: model['endpoint'], provider: 'openai', api_key: model['apiToken'] } }
          said = Gitlab::HTTP.post(url, headers: ai_gateway_headers, body: body.to_json, timeout: COMPLETION_CHECK_TIMEOUT, allow_local_requests: true)
          return "The self-hosted model server returned code #{JSON.parse(said.body)['detail']}" if said.code == 421

          "AI Gateway returned code #{said.code}: #{said.body}" unless said.code == 200
        rescue SystemCallError, Timeout::Error => e
          e.message
        end

        private

        # In the name of code completion. Before that is mapped to a model of one's own, the token is one of GitLab's cloud: on a fresh instance there is none.
        def ai_gateway_headers
          row = Rails.database.rows('feature_settings').find { |r| r['feature'] == 'code_completions' }
          token = row && row['provider'] == 'self_hosted' ? CloudConnector::Tokens.get(unit_primitive: :complete_code) : nil
          { 'Authorization' => "Bearer #{token}", 'X-Gitlab-Authentication-Type' => 'oidc', 'X-Gitlab-Realm' => 'self-managed',
            'X-Gitlab-Instance-Id' => ApplicationSetting.current.uuid, 'Content-Type' => 'application/json' }
        end
      end
    end
  end
end
