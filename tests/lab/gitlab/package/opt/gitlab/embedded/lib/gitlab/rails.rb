require 'date'
require 'json'
require 'securerandom'
require 'gitlab/database'
require 'gitlab/secrets'
require 'gitlab/settings'
require 'gitlab/services'

module Gitlab
  # What a process of the application sees of the machine.
  module Rails
    module_function

    # Without PostgreSQL there is no environment to load.
    def boot
      raise 'ActiveRecord::ConnectionNotEstablished: connection to server on socket "/var/opt/gitlab/postgresql/.s.PGSQL.5432" failed' unless up?
      raise 'PG::UndefinedTable: ERROR: relation "application_settings" does not exist' unless database.loaded?
    end

    def up? = File.exist?(Database::PATH) && Services.running?('postgresql')

    def database = @database ||= Database.new

    def settings = @settings ||= Settings.new
  end
end

require 'gitlab/models/application_setting'
require 'gitlab/models/user'
require 'gitlab/models/keys'
require 'gitlab/models/tokens'
require 'gitlab/models/access_token'
require 'gitlab/models/license'
require 'gitlab/models/ability'
require 'gitlab/models/feature_setting'
require 'gitlab/models/ai'
require 'gitlab/models/chat'
