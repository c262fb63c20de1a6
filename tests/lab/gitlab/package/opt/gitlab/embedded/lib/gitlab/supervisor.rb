require 'gitlab/services'

module Gitlab
  # Keeps every enabled service running: what runsvdir does.
  class Supervisor
    LOGS = '/var/log/gitlab'

    def run
      Files.write(Services::SUPERVISOR, "#{Process.pid}\n")
      Services.enabled.each { |name| FileUtils.rm_f("#{Services::ROOT}/#{name}/pid") }
      trap('TERM') { @over = true }
      trap('HUP') { @over = true }
      @children = {}
      @after = {}
      until @over
        reap
        Services.enabled.each { |name| spawn_service(name) if wanted?(name) }
        sleep 0.1
      end
      finish
    end

    private

    def wanted?(name) = !Services.down?(name) && !@children.value?(name) && Time.now >= (@after[name] || Time.at(0))

    def spawn_service(name)
      FileUtils.mkdir_p("#{LOGS}/#{name}")
      log = ["#{LOGS}/#{name}/current", 'a']
      pid = spawn(*Services::COMMANDS.fetch(name), in: '/dev/null', out: log, err: log, chdir: '/')
      @children[pid] = name
      Files.write("#{Services::ROOT}/#{name}/pid", "#{pid}\n")
    end

    # One that ends at once is tried again each second.
    def reap
      while (pid = Process.wait(-1, Process::WNOHANG))
        name = @children.delete(pid) or next
        FileUtils.rm_f("#{Services::ROOT}/#{name}/pid")
        @after[name] = Time.now + 1
      end
    rescue Errno::ECHILD
      nil
    end

    def finish
      @children.each_key { |pid| Process.kill('TERM', pid) }
      FileUtils.rm_f(Services::SUPERVISOR)
    end
  end
end
