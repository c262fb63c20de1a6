require 'gitlab/duo'

module Gitlab
  module Routes
    # GraphQL for whoever brings a token.
    module GraphqlApi
      module_function

      def mount(server)
        Puma.answer(server, '/api/graphql') do |request, response|
          user = PersonalAccessToken.user_of(request['Private-Token'])
          if user
            asked = JSON.parse(request.body)
            { data: Graphql::Execution.new(Graphql::Schema.of(Release.schema), Duo.new(user)).run(asked['query'], asked['variables'] || {}) }
          else
            response.status = 401
            response.body = '{"errors":[{"message":"Invalid token"}]}'
          end
        rescue Graphql::Error => e
          { errors: [{ message: e.message }], data: nil }
        end
      end
    end
  end
end
