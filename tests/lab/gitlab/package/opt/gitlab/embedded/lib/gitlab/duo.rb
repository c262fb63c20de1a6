require 'gitlab/graphql'
require 'gitlab/probes'

module Gitlab
  # What setting up Duo asks of GraphQL, and what the original refuses. One method per field of Query and Mutation.
  class Duo
    DENIED = "The resource that you are attempting to access does not exist or you don't have permission to perform this action".freeze

    def initialize(user) = @user = user

    def currentLicense = License.current && { 'id' => 'gid://gitlab/License/1' }

    def addOnPurchases = rows('add_on_purchases').map { |row| { 'id' => "gid://gitlab/GitlabSubscriptions::AddOnPurchase/#{row['id']}", 'name' => row['name'] } }

    def currentUser = { 'id' => @user.gid, 'username' => @user.username }

    def user(username:) = User.find_by_username(username)&.then { |user| { 'id' => user.gid } }

    # Without the terms, nothing that is beta.
    def aiSelfHostedModels
      return unless allowed?

      { 'nodes' => rows('self_hosted_models').reject { |row| hidden?(Ai::FeatureSetting::BETA_MODELS, row['model']) }.map { |row| row.merge('id' => gid(row)) } }
    end

    def aiFeatureSettings
      features = Graphql::Schema.of(Release.schema)['AiFeatures'].fields.keys.map(&:downcase)
      allowed? && { 'nodes' => features.reject { |f| hidden?(Ai::FeatureSetting::BETA, f) }.map { |f| { 'feature' => f, 'provider' => provider(f) } } } || nil
    end

    def cloudConnectorStatus
      probes = Probes.new(@user, rows('ai_settings').first).all
      { 'success' => probes.all?(&:success), 'probeResults' => probes.map(&:answer) }
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
      return { 'errors' => ["Endpoint can't be blank"] } if input['endpoint'].to_s.empty?
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

      features = Array(input['features'] || input['feature']).map(&:downcase)
      raise Graphql::Error, DENIED if model && Release.since?('18.10') && features.any? { |f| Ai::FeatureSetting.agents?(f) } && !Ability.allowed?(@user, :update_dap_self_hosted_model)

      errors = features.filter_map { |feature| map(feature, input['provider'].downcase, model) }
      { 'errors' => errors }
    end

    # Seats are those of Duo Pro and Duo Enterprise; other add-ons have none.
    def userAddOnAssignmentCreate(input:)
      add_on = rows('add_on_purchases').find { |row| input['addOnPurchaseId'].end_with?("/#{row['id']}") && %w[CODE_SUGGESTIONS DUO_ENTERPRISE].include?(row['name']) }
      raise Graphql::Error, DENIED unless add_on

      taken = rows('add_on_assignments')
      return { 'errors' => [] } if taken.any? { |row| row['user'] == input['userId'] }
      return { 'errors' => ['NO_SEATS_AVAILABLE'] } if taken.size >= add_on['seats']

      Rails.database.insert('add_on_assignments', 'user' => input['userId'])
      { 'errors' => [] }
    end

    def aiSelfHostedModelConnectionCheck(input:)
      needed
      problem = Llm::AiGateway.check(@user, input)
      { 'errors' => [], 'result' => { 'success' => problem.nil?, 'message' => problem || 'Successfully connected to the self-hosted model', 'errors' => [problem].compact } }
    end

    # Answered later, by a worker: here a thread.
    def aiAction(input:)
      raise Graphql::Error, 'Only one method argument is required' unless input['chat']
      raise Graphql::Error, DENIED unless Ability.allowed?(@user, :access_duo_classic_chat)

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

    def hidden?(beta, one) = beta.include?(one) && !Ai::TestingTermsAcceptance.has_accepted?

    def allowed? = Ability.allowed?(@user, :manage_self_hosted_models_settings)

    def needed
      raise Graphql::Error, DENIED unless allowed?
    end

    def map(feature, provider, model)
      return "#{model['model']} is incompatible with the #{feature} feature" if model && !Ai::FeatureSetting.families(feature).include?(model['model'].downcase)

      others = rows('feature_settings').reject { |row| row['feature'] == feature }
      Rails.database.replace('feature_settings', others + [{ 'feature' => feature, 'provider' => provider, 'model' => model && model['id'] }])
      nil
    end
  end
end
