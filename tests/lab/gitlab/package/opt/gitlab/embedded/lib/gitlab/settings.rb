require 'uri'
require 'gitlab/files'

module Gitlab
  # /etc/gitlab/gitlab.rb, by Ruby itself, with the settings that the original knows at its top level.
  class Settings
    SECTIONS = %i[
      alertmanager consul gitaly gitlab_exporter gitlab_kas gitlab_pages gitlab_rails gitlab_shell gitlab_sshd gitlab_workhorse high_availability
      letsencrypt logging logrotate mattermost nginx node_exporter package pgbouncer postgres_exporter postgresql prometheus prometheus_monitoring
      puma redis redis_exporter registry registry_nginx remote_syslog sidekiq user web_server
    ].freeze
    URLS = %i[external_url registry_external_url pages_external_url mattermost_external_url].freeze

    SECTIONS.each { |name| define_method(name) { @sections[name] } }
    URLS.each { |name| define_method(name) { |value = nil| value ? @urls[name] = value : @urls[name] } }

    def initialize(path = "#{ETC}/gitlab.rb")
      @sections = SECTIONS.to_h { |name| [name, {}] }
      @urls = {}
      instance_eval(File.read(path), path) if File.exist?(path)
    end

    def method_missing(name, *)
      raise "Encountered unsupported config key '#{name}' in /etc/gitlab/gitlab.rb."
    end

    def respond_to_missing?(*) = false

    def url = URI(external_url || 'http://gitlab.example.com')

    def host = url.host

    def certificate = nginx['ssl_certificate'] || "#{ETC}/ssl/#{host}.crt"

    def certificate_key = nginx['ssl_certificate_key'] || "#{ETC}/ssl/#{host}.key"

    def monitoring_whitelist = gitlab_rails['monitoring_whitelist'] || ['127.0.0.0/8', '::1/128']
  end
end
