# The classes of GitLab that duo.rb names, as small as they can be, and GitLab's answers to its queries, held against the schema in
# the file SCHEMA. SCENARIO (JSON) says what this GitLab is like; what is asked of it goes to the file LOG, one line each.
require 'json'
require 'net/http'
$LOAD_PATH.unshift("#{__dir__}/../../../lab/gitlab/package/opt/gitlab/embedded/lib")
require 'gitlab/graphql'

SCENARIO = JSON.parse(ENV.fetch('SCENARIO'))
SCHEMA = Gitlab::Graphql::Schema.of(ENV.fetch('SCHEMA'))
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
  attr_reader :data

  def self.all = SCENARIO.fetch('licences', []).map { |data| new(data: data) }
  def self.current = SCENARIO['expired'] ? nil : new(data: '')
  def initialize(data:) = @data = data
  def plan = SCENARIO.fetch('plan', 'ultimate')
  def offline_cloud_license? = SCENARIO['offline']
end

class Ability
  def self.allowed?(_user, ability) = ability == :manage_self_hosted_models_settings && !SCENARIO['not_allowed']
end

module GitlabSubscriptions
  class UploadLicenseService
    Response = Struct.new(:error?, :message)

    def initialize(params, _path) = @data = params[:data]

    def execute
      note('licence', @data.size)
      Response.new(SCENARIO['bad_file'], SCENARIO['bad_file'] ? 'This license has expired' : 'uploaded')
    end
  end

  module AddOnPurchases
    module SelfManaged
      module ProvisionServices
        # The name that a version has for it.
        const_set(SCENARIO.fetch('provision', 'AddOns'), Class.new { define_method(:execute) { note('provision') } })
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
      module SelfHostedModels
        # From 19.3 on.
        ConnectionTester = Class.new unless SCENARIO['blind']
      end

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
  def post(path, body, headers)
    raise Errno::ECONNREFUSED if SCENARIO['down']
    raise 'TLS' unless use_ssl? && ca_file && ipaddr == '127.0.0.1' && proxy_from_env? == false

    asked = JSON.parse(body)
    what = asked['query'][/\A\w+ (\w+)/, 1]
    note(what, asked['variables'])
    return Answer.new('401', '{}') unless path == '/api/graphql' && headers['Private-Token'] == 'glpat-new' && !SCENARIO['lost_token']
    return Answer.new('200', JSON.generate(errors: [{ message: SCENARIO['refuses'][what] }])) if SCENARIO.dig('refuses', what)

    Answer.new('200', JSON.generate(data: Gitlab::Graphql::Execution.new(SCHEMA, Fields.new(what)).run(asked['query'], asked['variables'])))
  rescue Gitlab::Graphql::Error => e
    Answer.new('200', JSON.generate(errors: [{ message: e.message }]))
  end
end

# What the fields of Query and Mutation answer.
class Fields
  MAPPED = { 'code_completions' => 'unassigned', 'code_generations' => 'vendored', 'duo_chat' => 'unassigned', 'duo_chat_fix_code' => 'unassigned',
             'review_merge_request' => 'vendored', 'summarize_review' => 'disabled' }.freeze

  # checks: how often the model was asked for
  class << self
    attr_accessor :checks
  end
  self.checks = 0

  def initialize(operation) = @operation = operation

  def addOnPurchases = SCENARIO.fetch('add_ons', ['DUO_ENTERPRISE']).map { |name| { 'id' => "gid://gitlab/GitlabSubscriptions::AddOnPurchase/#{name.size}", 'name' => name } }

  def aiSelfHostedModels = { 'nodes' => SCENARIO.fetch('models', []).map { |name| { 'id' => 'gid://gitlab/Ai::SelfHostedModel/7', 'name' => name } } }

  def aiFeatureSettings = { 'nodes' => MAPPED.merge(SCENARIO.fetch('mapped', {})).map { |feature, provider| { 'feature' => feature, 'provider' => provider } } }

  def aiFeatureSettingUpdate(input:)
    raise Gitlab::Graphql::Error, "you don't have permission" if input['features'].to_a.include?(SCENARIO['refuses_for'])

    said
  end

  def user(username:) = username == 'root' ? { 'id' => 'gid://gitlab/User/1' } : nil

  def cloudConnectorStatus = SCENARIO.fetch('status', { 'success' => true, 'probeResults' => [] })

  def aiSelfHostedModelCreate(**) = said('selfHostedModel' => { 'id' => 'gid://gitlab/Ai::SelfHostedModel/1' })

  def aiSelfHostedModelUpdate(input:) = said('selfHostedModel' => { 'id' => input['id'] })

  def aiSelfHostedModelConnectionCheck(**)
    Fields.checks += 1
    said('result' => { 'success' => Fields.checks >= SCENARIO.fetch('answers_at', 1), 'message' => 'Net::ReadTimeout', 'errors' => [] })
  end

  %i[duoSettingsUpdate gitlabSubscriptionActivate userAddOnAssignmentCreate].each { |name| define_method(name) { |**| said } }

  private

  def said(more = {}) = { 'errors' => SCENARIO.dig('errors', @operation) || [] }.merge(more)
end
