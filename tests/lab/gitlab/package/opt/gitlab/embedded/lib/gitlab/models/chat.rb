module Gitlab
  module Llm
    # A question on its way: through the gateway to the model that Duo Chat is mapped to, and into the conversation.
    class Chat
      TIMEOUT = 300

      def initialize(user) = @user = user

      def answer(request, thread, question)
        say(request, thread, ask(question))
      rescue StandardError => e
        warn "chat: #{e.class}: #{e.message}"
        say(request, thread, "I'm sorry, I couldn't respond in time. Please try again. Error code: A1000")
      end

      private

      def say(request, thread, text)
        Rails.database.insert('ai_messages', 'username' => @user.username, 'requestId' => request, 'threadId' => thread, 'role' => 'ASSISTANT', 'content' => text, 'errors' => [])
      end

      def ask(question)
        mapped = Rails.database.rows('feature_settings').find { |row| row['feature'] == 'duo_chat' }
        # Whatever is not mapped to a model of one's own goes to GitLab's cloud, and there is none here.
        return "I'm sorry, I can't generate a response. Please try again. Error code: A1001" unless mapped && mapped['provider'] == 'self_hosted'

        model = Rails.database.rows('self_hosted_models').find { |row| row['id'] == mapped['model'] }
        said = Gitlab::HTTP.post("#{Rails.database.rows('ai_settings').first['aiGatewayUrl']}/v2/chat/agent", headers: headers, body: body(model, question).to_json, timeout: TIMEOUT, allow_local_requests: true)
        return "I'm sorry, I can't generate a response. Please try again. Error code: A1001" unless said.code == 200

        events = said.body.lines.map { |line| JSON.parse(line) }
        return "I'm sorry, I couldn't respond in time. Please try again. Error code: A1003" if events.any? { |event| event['type'] == 'error' }

        events.map { |event| event['data']['text'] }.join
      end

      def headers
        { 'Authorization' => "Bearer #{CloudConnector::Tokens.get(unit_primitive: :duo_chat)}", 'X-Gitlab-Authentication-Type' => 'oidc', 'X-Gitlab-Realm' => 'self-managed',
          'X-Gitlab-Instance-Id' => ApplicationSetting.current.uuid, 'Content-Type' => 'application/json' }
      end

      def body(model, question)
        { messages: [{ role: 'user', content: question }],
          model_metadata: { name: model['model'].downcase, identifier: model['identifier'], endpoint: model['endpoint'], provider: 'openai', api_key: model['apiToken'] } }
      end
    end
  end
end
