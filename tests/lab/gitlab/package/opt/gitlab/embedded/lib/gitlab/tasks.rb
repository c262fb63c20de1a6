require 'gitlab/seeds'

module Gitlab
  # The tasks of gitlab-rake that somebody may call on a fresh machine.
  module Tasks
    LINE = '=' * 80

    module_function

    def run(call)
      name, rest = call.match(/\A([^\[]+)(?:\[(.*)\])?\z/).captures
      task = TASKS[name] or abort "rake aborted!\nDon't know how to build task '#{name}' (See the list of available tasks with `rake --tasks`)"
      task.call(*rest.to_s.split(','))
    end

    def framed(text) = puts(LINE, text, LINE)

    # What these tasks say of an error is one sentence, and the exit code 1.
    def keys
      yield
    rescue StandardError => e
      abort "Error: #{e.message}"
    end

    TASKS = {
      'cloud_connector:keys:list' => lambda { |truncate = 'true'|
        keys do
          all = CloudConnector::Keys.valid.map { |key| truncate == 'false' ? key.pem : key.truncated_pem }
          framed(all.any? ? all.join("\n") : 'No keys found.')
        end
      },
      'cloud_connector:keys:create' => lambda {
        keys { framed("Key created: #{CloudConnector::Keys.create_new_key!.truncated_pem}\n\nThis key will now be published via /oauth/discovery/keys.") }
      },
      'cloud_connector:keys:rotate' => -> { keys { CloudConnector::Keys.rotate! && framed('Keys swapped successfully.') } },
      'cloud_connector:keys:trim' => -> { keys { CloudConnector::Keys.trim! && framed('Key removed.') } },
      'db:seed_fu' => -> { Seeds.run },
      'gitlab:env:info' => -> { puts "GitLab information\nVersion:\t#{VERSION}" },
    }.freeze
  end
end
