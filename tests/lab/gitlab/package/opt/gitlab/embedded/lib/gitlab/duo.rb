require 'gitlab/graphql'

module Gitlab
  # What setting up Duo asks of GraphQL, and what the original refuses. One method per field of Query and Mutation.
  class Duo
    FEATURES = %w[code_completions code_generations duo_chat duo_chat_explain_code duo_chat_fix_code review_merge_request generate_commit_message
                  summarize_review glab_ask_git_command duo_agent_platform duo_agent_platform_agentic_chat].freeze
    AGENT_FAMILIES = %w[CLAUDE_3 GPT GENERAL].freeze

    def initialize(user) = @user = user

    def currentLicense = License.current && { 'id' => 'gid://gitlab/License/1' }

    def addOnPurchases = rows('add_on_purchases').map { |row| { 'id' => "gid://gitlab/GitlabSubscriptions::AddOnPurchase/#{row['id']}", 'name' => row['name'] } }

    def currentUser = { 'id' => @user.gid, 'username' => @user.username }

    def user(username:) = User.find_by_username(username)&.then { |user| { 'id' => user.gid } }

    def aiSelfHostedModels = allowed? && { 'nodes' => rows('self_hosted_models').map { |row| row.merge('id' => gid(row)) } } || nil

    def aiFeatureSettings = allowed? && { 'nodes' => FEATURES.map { |feature| { 'feature' => feature, 'provider' => provider(feature) } } } || nil

    def cloudConnectorStatus
      url = rows('ai_settings').first['aiGatewayUrl']
      probes = { 'self_hosted_url_presence_probe' => !url.nil?, 'license_probe' => allowed?, 'end_to_end_probe' => assigned?(@user) }
      { 'success' => probes.values.all?, 'probeResults' => probes.map { |name, success| { 'name' => name, 'success' => success, 'message' => success ? 'ok' : 'failed', 'errors' => [] } } }
    end

    def gitlabSubscriptionActivate(input:) = { 'errors' => GitlabSubscriptions::ActivateService.new.execute(input['activationCode']) }

    def duoSettingsUpdate(input:)
      raise Graphql::Error, "You don't have permission to update the setting ai_gateway_url." unless allowed?
      return { 'errors' => ['Ai gateway timeout seconds must be between 60 and 600'] } unless input.fetch('aiGatewayTimeoutSeconds', 60).between?(60, 600)

      Rails.database.replace('ai_settings', [rows('ai_settings').first.merge(input)])
      { 'errors' => [] }
    end

    def aiSelfHostedModelCreate(input:)
      needed
      return { 'errors' => ['Name has already been taken'] } if rows('self_hosted_models').any? { |row| row['name'] == input['name'] }

      Rails.database.insert('self_hosted_models', input)
      { 'errors' => [], 'selfHostedModel' => { 'id' => gid(rows('self_hosted_models').last) } }
    end

    def aiSelfHostedModelUpdate(input:)
      needed
      all = rows('self_hosted_models').map { |row| gid(row) == input['id'] ? row.merge(input.except('id')) : row }
      Rails.database.replace('self_hosted_models', all)
      { 'errors' => [], 'selfHostedModel' => { 'id' => input['id'] } }
    end

    def aiFeatureSettingUpdate(input:)
      needed
      model = rows('self_hosted_models').find { |row| gid(row) == input['aiSelfHostedModelId'] }
      return { 'errors' => ['Self-hosted model must exist'] } if input['provider'] == 'SELF_HOSTED' && !model

      errors = input['features'].map(&:downcase).filter_map { |feature| map(feature, input['provider'].downcase, model) }
      { 'errors' => errors }
    end

    def userAddOnAssignmentCreate(input:)
      seats = rows('add_on_purchases').first&.fetch('seats') or raise Graphql::Error, "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
      taken = rows('add_on_assignments')
      return { 'errors' => [] } if taken.any? { |row| row['user'] == input['userId'] }
      return { 'errors' => ['NO_SEATS_AVAILABLE'] } if taken.size >= seats

      Rails.database.insert('add_on_assignments', 'user' => input['userId'])
      { 'errors' => [] }
    end

    def aiSelfHostedModelConnectionCheck(input:)
      needed
      problem = Llm::AiGateway::CodeSuggestionsClient.new(@user).test_model_connection(input)
      { 'errors' => [], 'result' => { 'success' => problem.nil?, 'message' => problem || 'Successfully connected to the self-hosted model', 'errors' => [problem].compact } }
    end

    # Answered later, by a worker: here a thread.
    def aiAction(input:)
      raise Graphql::Error, 'Only one method argument is required' unless input['chat']
      raise Graphql::Error, "The resource that you are attempting to access does not exist or you don't have permission to perform this action" unless assigned?(@user)

      chat = Llm::Chat.new(@user)
      request = SecureRandom.uuid
      thread = "gid://gitlab/Ai::Conversation::Thread/#{rows('ai_messages').size + 1}"
      Thread.new { chat.answer(request, thread, input['chat']['content']) }
      { 'errors' => [], 'requestId' => request, 'threadId' => thread }
    end

    # With a conversation's type and no thread there is nothing to see.
    def aiMessages(requestIds: nil, roles: nil, conversationType: nil, threadId: nil)
      found = rows('ai_messages').select { |row| row['username'] == @user.username && (threadId ? row['threadId'] == threadId : !conversationType) }
      found = found.select { |row| requestIds.include?(row['requestId']) } if requestIds
      found = found.select { |row| roles.include?(row['role']) } if roles
      { 'nodes' => found.map { |row| row.slice('content', 'errors', 'requestId', 'role', 'threadId') } }
    end

    private

    def rows(table) = Rails.database.rows(table)

    def gid(row) = "gid://gitlab/Ai::SelfHostedModel/#{row['id']}"

    def provider(feature) = rows('feature_settings').find { |row| row['feature'] == feature }&.fetch('provider') || 'unassigned'

    def assigned?(user) = rows('add_on_assignments').any? { |row| row['user'] == user.gid }

    # Admin, licence and Duo Enterprise together.
    def allowed? = @user.admin? && !License.current.nil? && rows('add_on_purchases').any? { |row| row['name'] == 'DUO_ENTERPRISE' }

    def needed
      raise Graphql::Error, "The resource that you are attempting to access does not exist or you don't have permission to perform this action" unless allowed?
    end

    def map(feature, provider, model)
      return "#{model['model']} is incompatible with the #{feature} feature" if model && feature.start_with?('duo_agent') && !AGENT_FAMILIES.include?(model['model'])

      others = rows('feature_settings').reject { |row| row['feature'] == feature }
      Rails.database.replace('feature_settings', others + [{ 'feature' => feature, 'provider' => provider, 'model' => model && model['id'] }])
      nil
    end
  end
end
