# The classes of GitLab that duo.rb names, as small as they can be, and GitLab's answers to its queries. SCENARIO (JSON) says what
# this GitLab is like; what is asked of it goes to the file LOG, one line each.
require 'json'
require 'net/http'

SCENARIO = JSON.parse(ENV.fetch('SCENARIO'))
LOG = File.open(ENV.fetch('LOG'), 'a').tap { |file| file.sync = true }

def note(*what) = LOG.puts(what.map { |w| w.is_a?(String) ? w : JSON.generate(w) }.join(' '))

Token = Struct.new(:name, :token, :expires_at, :scopes) do
  def revoke! = note('revoke', token)
end

class Tokens
  def active = self
  def where(name:) = SCENARIO.fetch('tokens', []).map { |token| Token.new(name, token) }

  def create!(name:, scopes:, expires_at:)
    note('token', name, scopes, (expires_at - Date.today).to_i)
    Token.new(name, 'glpat-new')
  end
end

class User
  def self.find_by_username(name) = SCENARIO['no_root'] ? nil : new(name)
  def initialize(name) = @name = name
  def personal_access_tokens = Tokens.new
end

class ApplicationSetting
  def self.current = new
  def admin_mode = SCENARIO['admin_mode']
  def update!(values) = note('setting', values)
end

class License
  Errors = Struct.new(:full_messages)
  attr_reader :data

  def self.all = SCENARIO.fetch('licences', []).map { |data| new(data: data) }
  def initialize(data:) = @data = data
  def errors = Errors.new(['This license has expired'])

  def save
    note('licence', data.size)
    !SCENARIO['bad_file']
  end
end

module GitlabSubscriptions
  module AddOnPurchases
    module SelfManaged
      module ProvisionServices
        class Duo
          def execute = note('provision')
        end
      end
    end
  end
end

module Ai
  class TestingTermsAcceptance
    def self.has_accepted? = SCENARIO['terms']
  end

  module SelfHostedModels
    module TestingTermsAcceptance
      class CreateService
        def initialize(user) = @user = user
        def execute = note('accept')
      end
    end
  end
end

Answer = Struct.new(:code, :body)

module Gitlab
  module HTTP
    def self.post(url, headers:, body:, timeout:, allow_local_requests:)
      note('probe', url, headers, JSON.parse(body), timeout, allow_local_requests)
      Answer.new(SCENARIO.fetch('probe', 421))
    end
  end

  module Llm
    module AiGateway
      class CodeSuggestionsClient
        def initialize(user) = @user = user

        private

        def ai_gateway_headers = { 'Authorization' => 'Bearer of-gitlab' }
      end
    end
  end
end

# Time does not pass here.
def sleep(seconds) = (note('sleep', seconds) if seconds.positive?)

class Net::HTTP
  FEATURES = { 'code_completions' => 'unassigned', 'code_generations' => 'vendored', 'duo_chat' => 'unassigned', 'duo_chat_fix_code' => 'unassigned',
               'review_merge_request' => 'vendored', 'summarize_review' => 'disabled' }.freeze

  def post(path, body, headers)
    raise Errno::ECONNREFUSED if SCENARIO['down']
    raise 'TLS' unless use_ssl? && ca_file && ipaddr == '127.0.0.1' && proxy_from_env? == false

    asked = JSON.parse(body)
    what = asked['query'][/\A\w+ (\w+)/, 1]
    note(what, asked['variables'])
    return Answer.new('401', '{}') unless path == '/api/graphql' && headers['Private-Token'] == 'glpat-new' && !SCENARIO['lost_token']
    return Answer.new('200', JSON.generate(errors: [{ message: SCENARIO['refuses'][what] }])) if SCENARIO.dig('refuses', what)

    Answer.new('200', JSON.generate(data: answer(what, asked['variables'])))
  end

  def answer(what, variables)
    case what
    when 'known' then known
    when 'person' then { answer: variables['name'] == 'root' ? { id: 'gid://gitlab/User/1' } : nil }
    when 'status' then { answer: SCENARIO.fetch('status', { success: true, probeResults: [] }) }
    when 'create', 'update' then { answer: { errors: [], selfHostedModel: { id: variables.dig('input', 'id') || 'gid://gitlab/Ai::SelfHostedModel/1' } } }
    when 'check' then { answer: { errors: [], result: { success: (@checks = @checks.to_i + 1) >= SCENARIO.fetch('answers_at', 1), message: 'Net::ReadTimeout', errors: [] } } }
    else { answer: { errors: SCENARIO.dig('errors', what) || [] } }
    end
  end

  def known
    {
      answer: { inputFields: SCENARIO.fetch('fields', %w[aiGatewayUrl aiGatewayTimeoutSeconds duoAgentPlatformServiceUrl]).map { |name| { name: name } } },
      addOns: SCENARIO.fetch('add_ons', ['DUO_ENTERPRISE']).map { |name| { id: 'gid://gitlab/GitlabSubscriptions::AddOnPurchase/1', name: name } },
      models: { nodes: SCENARIO.fetch('models', []).map { |name| { id: 'gid://gitlab/Ai::SelfHostedModel/7', name: name } } },
      mapped: { nodes: FEATURES.merge(SCENARIO.fetch('mapped', {})).map { |feature, provider| { feature: feature, provider: provider } } },
    }
  end
end
