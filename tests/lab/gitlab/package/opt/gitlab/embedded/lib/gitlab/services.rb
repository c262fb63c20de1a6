require 'gitlab/files'

module Gitlab
  # What runit knows: a directory per service, with its command, its pid and since when, and `down` while it is to be stopped.
  module Services
    ROOT = "#{INSTALLED}/service"
    SUPERVISOR = '/run/gitlab-runsvdir.pid'
    COMMANDS = {
      'gitaly' => %w[sleep infinity],
      'nginx' => ["#{INSTALLED}/embedded/sbin/nginx", '-p', "#{VAR}/nginx", '-c', "#{VAR}/nginx/conf/nginx.conf", '-g', 'daemon off;'],
      'postgresql' => %w[sleep infinity],
      'puma' => ["#{INSTALLED}/embedded/bin/puma"],
      'redis' => %w[sleep infinity],
      'sidekiq' => %w[sleep infinity],
    }.freeze

    module_function

    def enable(name) = FileUtils.mkdir_p("#{ROOT}/#{name}")

    def enabled = COMMANDS.keys.select { |name| File.directory?("#{ROOT}/#{name}") }

    def supervised? = alive?(Files.read(SUPERVISOR).to_i)

    def running?(name) = supervised? && alive?(pid(name))

    def pid(name) = Files.read("#{ROOT}/#{name}/pid").to_i

    def status(name)
      return "fail: #{name}: runsv not running" unless supervised?
      return "down: #{name}: 0s#{', normally up' if down?(name)}" unless running?(name)

      "run: #{name}: (pid #{pid(name)}) #{(Time.now - File.mtime("#{ROOT}/#{name}/pid")).to_i}s; run: log: (pid #{Files.read(SUPERVISOR).to_i}) 0s"
    end

    def down?(name) = File.exist?("#{ROOT}/#{name}/down")

    # true when it runs, after at most 7 seconds, as `sv start` waits.
    def start(name)
      return false unless supervised?

      FileUtils.rm_f("#{ROOT}/#{name}/down")
      wait { running?(name) }
    end

    def stop(name)
      return false unless supervised?

      FileUtils.touch("#{ROOT}/#{name}/down")
      signal(name, 'TERM')
      wait { !running?(name) }
    end

    def restart(name) = stop(name) && start(name)

    def signal(name, which)
      Process.kill(which, pid(name)) if running?(name)
      running?(name)
    rescue Errno::ESRCH
      false
    end

    def alive?(pid)
      pid.positive? && Process.kill(0, pid) == 1 && File.read("/proc/#{pid}/stat")[/\) (\S)/, 1] != 'Z'
    rescue Errno::ESRCH, Errno::ENOENT
      false
    end

    def wait(limit = 7)
      (limit * 20).times do
        return true if yield

        sleep 0.05
      end
      yield
    end
  end
end
