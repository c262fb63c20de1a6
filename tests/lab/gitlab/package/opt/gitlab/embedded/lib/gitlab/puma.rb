require 'socket'
require 'webrick'
require 'ipaddr'
require 'json'
require 'gitlab/rails'

module Gitlab
  # The application behind nginx, on a socket of its own. Each file under routes/ mounts what it answers.
  module Puma
    SOCKET = "#{VAR}/gitlab-rails/sockets/gitlab.socket".freeze

    module_function

    def run
      sleep((Faults['puma-slow'] || 0).to_f)
      Rails.boot
      server = WEBrick::HTTPServer.new(DoNotListen: true, Logger: WEBrick::Log.new($stderr, WEBrick::Log::WARN), AccessLog: [])
      FileUtils.mkdir_p(File.dirname(SOCKET))
      FileUtils.rm_f(SOCKET)
      server.listeners << UNIXServer.new(SOCKET)
      File.chmod(0o777, SOCKET)
      Dir["#{__dir__}/routes/*.rb"].sort.each { |path| require path }
      Routes.constants.sort.each { |name| Routes.const_get(name).mount(server) }
      trap('TERM') { server.shutdown }
      server.start
    end

    # path: what answers it; the block gets request and answer, and returns what is sent as JSON unless it set a body
    def answer(server, path)
      server.mount_proc(path) do |request, response|
        next not_found(response) unless request.path == path

        value = yield(request, response)
        next if response.body != '' || response.status >= 300

        response['Content-Type'] ||= value.is_a?(String) ? 'text/plain' : 'application/json'
        response.body = value.is_a?(String) ? value : JSON.generate(value)
      rescue StandardError => e
        response.status = 500
        response['Content-Type'] = 'text/html'
        response.body = '500 Whoops, something went wrong on our end.'
        warn "#{request.path}: #{e.message}"
      end
    end

    def not_found(response)
      response.status = 404
      response['Content-Type'] = 'text/html'
      response.body = '404 Page Not Found'
    end

    def monitoring?(request)
      client = IPAddr.new(request['X-Real-IP'].to_s)
      Rails.settings.monitoring_whitelist.any? { |network| IPAddr.new(network).include?(client) }
    rescue IPAddr::Error
      false
    end
  end
end
