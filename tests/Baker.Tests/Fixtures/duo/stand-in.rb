# GitLab's stand-in of the lab (tests/lab/gitlab) in one process with the script, without a machine: its classes, its GraphQL by the schema
# of its version, its database in the folder GITLAB_STAND_IN. The gateway answers at once, unless the file `no-model` is there.
$LOAD_PATH.unshift("#{__dir__}/../../../lab/gitlab/package/opt/gitlab/embedded/lib")
require 'gitlab/rails'
require 'gitlab/duo'

unless File.exist?(Gitlab::Database::PATH)
  Gitlab::Database.create
  Gitlab::Rails.database.load_schema
  ApplicationSetting.create_from_defaults
  user = User.new('root', 'root@desk.test', admin: true)
  user.password = 'c4nary-of-the-first-person'
  user.save
  Gitlab::Rails.database.insert('ai_settings', {})
end

# A token is all that is looked at.
module CloudConnector
  module Tokens
    def self.get(**) = 'token'
  end
end

module Gitlab
  module HTTP
    def self.post(_url, headers:, **)
      return Answer.new(401, '{"error":"No authorization header presented"}') if headers['Authorization'] == 'Bearer '

      File.exist?("#{ROOT}/no-model") ? Answer.new(421, '{"detail":"404"}') : Answer.new(200, '{}')
    end
  end

  # What listens is the gateway and its agents' service; the cloud is not reached.
  class Probes
    def host(url) = url.to_s.include?('10.77.') ? probe('host_probe', true, "#{URI(url).host} reachable.") : probe('host_probe', false, "#{url} connection failed.")

    def reached?(*) = !File.exist?("#{ROOT}/no-agents")
  end
end

# Time does not pass here.
def sleep(*) = nil

class Net::HTTP
  Said = Struct.new(:code, :body)

  def post(_path, body, headers)
    user = PersonalAccessToken.user_of(headers['Private-Token']) or return Said.new('401', '{}')
    asked = JSON.parse(body)
    data = Gitlab::Graphql::Execution.new(Gitlab::Graphql::Schema.of(Gitlab::Release.schema), Gitlab::Duo.new(user)).run(asked['query'], asked['variables'] || {})
    Said.new('200', JSON.generate(data: data))
  rescue Gitlab::Graphql::Error => e
    Said.new('200', JSON.generate(errors: [{ message: e.message }], data: nil))
  end
end
