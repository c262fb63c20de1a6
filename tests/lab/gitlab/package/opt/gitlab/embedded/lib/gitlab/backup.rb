require 'tmpdir'
require 'yaml'
require 'zlib'
require 'gitlab/database'

module Gitlab
  # gitlab-backup: an archive of what is not skipped. Only the version that made it takes it back. A name that exists is written over.
  class Backup
    DIRECTORY = "#{VAR}/backups".freeze
    PARTS = %w[db repositories uploads builds artifacts pages lfs terraform_state registry packages ci_secure_files external_diffs].freeze

    def initialize(settings)
      @skipped = settings.fetch('SKIP', '').split(',')
      @name = settings['BACKUP'] || Time.now.strftime("%s_%Y_%m_%d_#{VERSION}")
      @forced = settings['force'] == 'yes'
    end

    def create
      raise 'pg_dump: error: connection to server failed' if Faults['backup-fails']

      Dir.mktmpdir(nil, DIRECTORY) do |folder|
        write(folder)
        system('tar', '-C', folder, '-cf', path, *Dir.children(folder), exception: true)
      end
      File.chmod(0o600, path)
      puts 'Warning: Your gitlab.rb and gitlab-secrets.json files contain sensitive data', 'and are not included in this backup.', "Backup #{@name} is done."
    end

    def restore
      abort 'This will overwrite the database: force=yes' unless @forced
      Dir.mktmpdir(nil, DIRECTORY) do |folder|
        system('tar', '-C', folder, '-xf', path, exception: true)
        made_by = YAML.safe_load_file("#{folder}/backup_information.yml").fetch('gitlab_version')
        abort "GitLab version mismatch:\n  Your current GitLab version (#{VERSION}) differs from the GitLab version in the backup!" if made_by != VERSION

        Files.write(Database::PATH, Zlib::GzipReader.open("#{folder}/db/database.sql.gz", &:read), 0o600)
      end
      puts 'Restore task is done.'
    end

    private

    def path = "#{DIRECTORY}/#{@name}_gitlab_backup.tar"

    def write(folder)
      Files.write("#{folder}/backup_information.yml", { 'gitlab_version' => VERSION, 'skipped' => @skipped.join(',') }.to_yaml)
      (PARTS - @skipped).each do |part|
        next Files.write("#{folder}/#{part}.tar.gz", '') if part != 'db'

        FileUtils.mkdir("#{folder}/db")
        Zlib::GzipWriter.open("#{folder}/db/database.sql.gz") { |file| file.write(File.read(Database::PATH)) }
      end
    end
  end
end
