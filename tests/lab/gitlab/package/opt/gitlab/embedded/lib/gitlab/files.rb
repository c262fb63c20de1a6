require 'fileutils'

module Gitlab
  # A test may run it in a folder of its own.
  ROOT = ENV.fetch('GITLAB_STAND_IN', '')
  ETC = "#{ROOT}/etc/gitlab".freeze
  VAR = "#{ROOT}/var/opt/gitlab".freeze
  INSTALLED = "#{ROOT}/opt/gitlab".freeze
  VERSION = File.read("#{INSTALLED}/embedded/service/gitlab-rails/VERSION").strip

  # Files that are there whole or not at all.
  module Files
    module_function

    def write(path, text, mode = 0o644)
      FileUtils.mkdir_p(File.dirname(path))
      File.open("#{path}.part", 'w', mode) { |file| file.write(text) }
      File.chmod(mode, "#{path}.part")
      File.rename("#{path}.part", path)
    end

    def read(path)
      File.read(path)
    rescue Errno::ENOENT
      nil
    end
  end

  # What a person may want to go wrong: each line of this file is a name, or a name=value. Not in the original.
  module Faults
    PATH = "#{ROOT}/var/lib/gitlab-lab/faults".freeze

    module_function

    def [](name)
      line = (Files.read(PATH) || '').lines.map(&:strip).find { |l| l.split('=', 2).first == name }
      line && (line.split('=', 2)[1] || true)
    end
  end
end
