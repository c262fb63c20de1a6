require 'gitlab/services'

module Gitlab
  # gitlab-ctl: what it answers and how it exits.
  module Ctl
    SERVICE_COMMANDS = %w[start stop restart hup term kill once status].freeze

    module_function

    def run(args)
      command, service = args
      case command
      when 'reconfigure' then reconfigure
      when 'upgrade' then upgrade
      when 'renew-le-certs' then renew
      when 'backup-etc' then backup
      when *SERVICE_COMMANDS then services(command, service)
      else
        warn "#{command}: this command is not known"
        2
      end
    end

    def reconfigure
      require 'gitlab/reconfigure'
      Reconfigure.new.run
    end

    def renew
      require 'gitlab/reconfigure'
      Reconfigure.new.renew
    end

    def backup
      folder = "#{ETC}/config_backup"
      FileUtils.mkdir_p(folder, mode: 0o700)
      archive = Time.now.strftime("#{folder}/gitlab_config_%s_%Y_%m_%d.tar")
      return 1 unless system('tar', '--absolute-names', '--create', '--file', archive, '--exclude', folder, '--', ETC)

      File.chmod(0o600, archive)
      puts "Configuration backup archive complete: #{archive}"
      0
    end

    # What the package runs after it was unpacked.
    def upgrade
      if %w[skip-auto-reconfigure skip-auto-migrations].any? { |name| File.exist?("#{ETC}/#{name}") }
        puts 'Found /etc/gitlab/skip-auto-reconfigure, exiting...'
        return 0
      end
      return reconfigure if Services.supervised? || fresh_with_url?

      puts 'It looks like GitLab has not been configured yet; skipping the upgrade script.'
      0
    end

    def fresh_with_url?
      url = ENV.fetch('EXTERNAL_URL', '')
      !url.empty? && url != 'http://gitlab.example.com' && !File.exist?("#{VAR}/bootstrapped")
    end

    def services(command, only)
      names = only ? [only] : Services.enabled
      names.map { |name| act(command, name) }.max || 0
    end

    def act(command, name)
      case command
      when 'start', 'once' then Services.start(name)
      when 'stop' then Services.stop(name)
      when 'restart' then Services.restart(name)
      when 'hup', 'term', 'kill' then Services.signal(name, command.upcase)
      end
      line = Services.status(name)
      puts command == 'status' ? line : line.sub(/\A(run|down): /, 'ok: \1: ')
      line.start_with?('run:') || (command == 'stop' && line.start_with?('down:')) ? 0 : 1
    end
  end
end
