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
      CHECK = '/v1/prompts/model_configuration%2Fcheck'.freeze

      module_function

      # nil when the model answered; otherwise why not. From 19.3 on by a class of its own, which waits longer and needs no completions.
      def check(user, model) = Release.since?('19.3') ? SelfHostedModels::ConnectionTester.new(user, model).execute : CodeSuggestionsClient.new(user).test_model_connection(model)

      def ask(model, token, timeout)
        body = { stream: false, inputs: {}, model_metadata: { name: model['model'].downcase, identifier: model['identifier'], endpoint: model['endpoint'], provider: 'openai', api_key: model['apiToken'] } }
        said = Gitlab::HTTP.post("#{Rails.database.rows('ai_settings').first['aiGatewayUrl']}#{CHECK}", headers: headers(token), body: body.to_json, timeout: timeout, allow_local_requests: true)
        return "The self-hosted model server returned code #{JSON.parse(said.body)['detail']}" if said.code == 421

        "AI Gateway returned code #{said.code}: #{said.body}" unless said.code == 200
      rescue SystemCallError, Timeout::Error => e
        e.message
      end

      def headers(token)
        { 'Authorization' => "Bearer #{token}", 'X-Gitlab-Authentication-Type' => 'oidc', 'X-Gitlab-Realm' => 'self-managed',
          'X-Gitlab-Instance-Id' => ApplicationSetting.current.uuid, 'Content-Type' => 'application/json' }
      end

      class CodeSuggestionsClient
        COMPLETION_CHECK_TIMEOUT = 3

        def initialize(user, project: nil) = @user = user

        define_method(:test_model_connection) { |model| AiGateway.ask(model, token, COMPLETION_CHECK_TIMEOUT) } unless Release.since?('19.3')

        private

        # In the name of code completion. Before that is mapped to a model of one's own, the token is one of GitLab's cloud: on a fresh instance there is none.
        def ai_gateway_headers = AiGateway.headers(token)

        def token
          row = Rails.database.rows('feature_settings').find { |r| r['feature'] == 'code_completions' }
          row && row['provider'] == 'self_hosted' ? CloudConnector::Tokens.get(unit_primitive: :complete_code) : nil
        end
      end

      module SelfHostedModels
        # ee/lib/gitlab/llm/ai_gateway/self_hosted_models/connection_tester.rb @caa4042e: signs for any model of one's own.
        tester = Class.new do
          def initialize(user, model) = (@user, @model = user, model)

          def execute = AiGateway.ask(@model, CloudConnector::Tokens.get(unit_primitive: :complete_code), 15)
        end
        const_set(:ConnectionTester, tester) if Release.since?('19.3')
      end
    end
  end
end
