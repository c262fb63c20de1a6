require 'English'
require 'gitlab/rails'
require 'gitlab/nginx'
require 'gitlab/lets_encrypt'
require 'gitlab/trusted_certificates'

module Gitlab
  # gitlab-ctl reconfigure: the recipes, in the original's order. The certificate comes after the database: when it cannot be had,
  # everything before it is done all the same.
  class Reconfigure
    UNIT = <<~UNIT.freeze
      [Unit]
      Description=GitLab Runit supervision process
      After=multi-user.target

      [Service]
      ExecStart=/opt/gitlab/embedded/bin/runsvdir-start
      Restart=always

      [Install]
      WantedBy=multi-user.target
    UNIT
    PASSWORD_FILE = "#{ETC}/initial_root_password".freeze
    DAY = 86_400
    # Named in every run, whatever it does.
    COOKBOOKS = %w[gitlab package redis postgresql registry gitaly letsencrypt nginx runit acme crond].freeze

    def run
      puts '[INFO] Starting Cinc Client', 'Synchronizing cookbooks:', *COOKBOOKS.map { |name| "  - #{name} (0.1.0)" }
      read
      Secrets.ensure
      recipe('package::runit') { supervise }
      recipe('gitlab::add_trusted_certs') { TrustedCertificates.link }
      recipe('postgresql::enable') { database }
      recipe('gitlab::database_migrations') { migrate }
      recipe('gitlab::puma') { applications }
      recipe('letsencrypt::enable') { @certificates.ensure } if @certificates.enabled?
      recipe('gitlab::nginx') { web }
      cleanup
      puts 'gitlab Reconfigured!'
      0
    rescue StandardError => e
      failed(e)
    end

    def renew
      read
      @certificates.ensure if @certificates.enabled?
      0
    rescue StandardError => e
      failed(e)
    end

    private

    def read
      FileUtils.mkdir_p(ETC, mode: 0o775)
      @settings = Settings.new
      @certificates = LetsEncrypt.new(@settings)
      password = given_password
      raise 'The initial root password must be at least 8 characters long' if password && password.size < 8
    end

    def given_password = ENV['GITLAB_ROOT_PASSWORD'] || @settings.gitlab_rails['initial_root_password']

    def recipe(name)
      puts "Recipe: #{name}"
      $stdout.flush
      yield
      sleep Faults['recipe-slow'].to_f if Faults['recipe-slow']
    end

    # `start` waits for the unit's turn: for ever, when the boot waits for whoever called this.
    def supervise
      path = '/usr/lib/systemd/system/gitlab-runsvdir.service'
      Files.write(path, UNIT) unless Files.read(path) == UNIT
      command('systemctl', 'daemon-reload')
      command('systemctl', 'enable', 'gitlab-runsvdir')
      command('systemctl', 'start', 'gitlab-runsvdir')
      raise 'runsvdir does not run' unless Services.wait { Services.supervised? }
    end

    def database
      Database.create
      %w[redis postgresql].each { |name| enable(name) }
    end

    # What is noted as done is not looked at again.
    def migrate
      noted = "#{VAR}/gitlab-rails/upgrade-status/db-migrate-lab"
      return if File.exist?(noted) && File.read(noted) == "0\n"

      load_tables
      FileUtils.mkdir_p(File.dirname(noted))
      Files.write(noted, "0\n")
    end

    def load_tables
      @first = !Rails.database.loaded?
      Rails.database.load_schema if @first
      return unless @first

      own_password unless given_password
      # A process of its own, as in the original: what goes wrong in a fixture ends that and no more.
      environment = { 'GITLAB_ROOT_PASSWORD' => given_password }
      command(environment, "#{INSTALLED}/bin/gitlab-rake", 'db:seed_fu')
      Files.write(PASSWORD_FILE, "Password: #{given_password}\n", 0o600) if given_password && @settings.gitlab_rails['store_initial_root_password']
    end

    def own_password
      Files.write(PASSWORD_FILE, "Password: #{SecureRandom.base64(32)}\n", 0o600)
    end

    def applications
      FileUtils.mkdir_p("#{VAR}/backups", mode: 0o700)
      %w[gitaly puma sidekiq].each { |name| enable(name) }
      Files.write("#{VAR}/bootstrapped", '')
    end

    def web
      changed = Nginx.new(@settings).write
      changed && Services.running?('nginx') ? Services.signal('nginx', 'HUP') : enable('nginx')
    end

    def cleanup
      FileUtils.rm_f(PASSWORD_FILE) if File.exist?(PASSWORD_FILE) && File.mtime(PASSWORD_FILE) < Time.now - DAY
    end

    def enable(name)
      Services.enable(name)
      Services.start(name)
    end

    def command(*words)
      return if system(*words)

      raise "Mixlib::ShellOut::ShellCommandFailed: Expected process to exit with [0], but received '#{$CHILD_STATUS&.exitstatus || 1}': #{words.last(2).join(' ')}"
    end

    def failed(error)
      puts 'Running handlers:', "There was an error running gitlab-ctl reconfigure:\n\n#{error.message}", 'Cinc Client failed.'
      1
    end
  end
end
